import ssl

from installer.mariadb.server.tls import Connection, without_authorities


def test_no_connection_reads_the_authorities_of_the_machine() -> None:
    connections = [Connection(host="db", user="root", defer_connect=True) for _ in range(2)]
    assert [connection.ctx for connection in connections] == [without_authorities()] * 2
    assert without_authorities().cert_store_stats() == {"x509": 0, "crl": 0, "x509_ca": 0}


def test_a_server_may_have_made_its_certificate_itself() -> None:
    settings = without_authorities()
    assert (settings.check_hostname, settings.verify_mode) == (False, ssl.CERT_NONE)
