from installer.system.secret import Secret


def test_a_secret_shows_itself_only_on_purpose() -> None:
    secret = Secret("s3cret")
    assert (str(secret), repr(secret), f"{secret}", repr({"A": secret})) == (
        "***",
        "Secret(***)",
        "***",
        "{'A': Secret(***)}",
    )
