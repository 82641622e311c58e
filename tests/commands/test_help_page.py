from installer.commands.help_page import HelpPage


def test_meanings_stand_in_one_column_also_behind_double_width_letters() -> None:
    page = HelpPage(width=40)
    with page.section("옵션"):
        page.write_dl(
            [
                ("--quiet", "결과와 문제만 표시합니다."),
                ("--log-file 파일", "모든 출력을 이 파일에 덧붙입니다."),
                ("-h", ""),
            ]
        )
    assert page.getvalue() == (
        "옵션:\n"
        "  --quiet          결과와 문제만\n"
        "                   표시합니다.\n"
        "  --log-file 파일  모든 출력을 이 파일에\n"
        "                   덧붙입니다.\n"
        "  -h\n"
    )


def test_a_word_that_is_too_wide_has_a_line_of_its_own() -> None:
    page = HelpPage(width=40)
    page.write_dl([("--on-failure [ask|stop]", "What to do."), ("-y", "Yes.")], col_max=10)
    assert page.getvalue() == (
        "--on-failure [ask|stop]\n"
        "            What to do.\n"
        "-y          Yes.\n"
    )  # fmt: skip


def test_paragraphs_are_filled_and_stay_apart() -> None:
    page = HelpPage(width=20)
    page.indent()
    page.write_text("릴리스를 설치하고\n가동합니다.\n\nAnd one more of them.")
    assert page.getvalue() == (
        "  릴리스를 설치하고\n"
        "  가동합니다.\n"
        "\n"
        "  And one more of\n"
        "  them.\n"
    )  # fmt: skip
