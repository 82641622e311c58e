from installer.operations.adaptations.difference import bounded, difference


def test_a_difference_shows_what_the_site_changed() -> None:
    before, after = b"events {}\nhttp {}\n", b"events {}\nhttp { client_max_body_size 1g; }\n"
    assert difference(before, after, "nginx.conf") == [
        "@@ -1,2 +1,2 @@",
        " events {}",
        "-http {}",
        "+http { client_max_body_size 1g; }",
    ]


def test_a_new_file_is_shown_whole() -> None:
    assert difference(None, b"services: {}\n", "x") == ["@@ -0,0 +1 @@", "+services: {}"]


def test_secrets_and_control_characters_are_not_shown() -> None:
    after = (
        b'DB_PASSWORD: hunter2\n"apiToken": "hunter2"\nurl = mysql://vault:hunter2@db/vault\n'
        b"- MYSQL_ROOT_PASSWORD=hunter2\n\x1b[2Jport 1\n"
    )
    assert difference(None, after, "x")[1:] == [
        "+DB_PASSWORD: ***",
        '+"apiToken": ***',
        "+url = mysql://vault:***@db/vault",
        "+- MYSQL_ROOT_PASSWORD=***",
        "+\\x1b[2Jport 1",
    ]


def test_what_is_no_text_is_only_named() -> None:
    told = ["logo.png: too long or not text, so no difference is shown"]
    assert difference(b"", b"\0PNG", "logo.png") == told
    assert difference(None, b"x" * 300_000, "logo.png") == told


def test_only_the_first_lines_are_shown() -> None:
    assert bounded(["a", "b", "c"], 3) == ["a", "b", "c"]
    assert bounded(["a", "b", "c"], 1) == ["a", "\u2026 2 more lines, in the log"]
