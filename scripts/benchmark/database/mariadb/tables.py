"""Defines the tables of the measured database: a shop with customers, orders, documents and readings."""

from benchmark.database.mariadb.pools import NOISE_PICKED, Table, text_of

LINES_PER_ORDER = 4

CUSTOMERS = Table(
    "customers",
    """(id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid CHAR(36) CHARACTER SET ascii NOT NULL,
    email VARCHAR(190) NOT NULL, name VARCHAR(100) NOT NULL, street VARCHAR(100), city VARCHAR(60),
    country CHAR(2), phone VARCHAR(30), born DATE, credit DECIMAL(12,2) NOT NULL DEFAULT 0,
    newsletter TINYINT(1) NOT NULL DEFAULT 0, remarks TEXT, created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NULL)""",
    (
        "ADD UNIQUE KEY customers_uuid_key (uuid)",
        "ADD UNIQUE KEY customers_email_key (email)",
        "ADD KEY customers_name_idx (name)",
        "ADD KEY customers_city_created_idx (city, created_at)",
    ),
    f"""seq,
    INSERT(INSERT(INSERT(INSERT(MD5(CONCAT('u', seq)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'),
    CONCAT(CONV(CRC32(CONCAT('n', seq)), 10, 36), '.', seq, '@example.org'),
    CONCAT(ELT(1 + CRC32(CONCAT('f', seq)) % 6, 'Mina', 'Jörg', '지우', 'Anna', 'Luca', 'Zoë'), ' ',
        CONV(CRC32(CONCAT('g', seq)), 10, 36)),
    CONCAT('Street ', CRC32(CONCAT('s', seq)) % 9999), CONCAT('City ', CRC32(CONCAT('c', seq)) % 2000),
    ELT(1 + seq % 4, 'KR', 'DE', 'CH', 'FR'), IF(seq % 3, CONCAT('+82 ', CRC32(CONCAT('p', seq))), NULL),
    '1950-01-01' + INTERVAL CRC32(CONCAT('b', seq)) % 20000 DAY, CRC32(CONCAT('m', seq)) % 1000000 / 100,
    seq % 5 = 0, IF(seq % 4, NULL, {text_of("seq", "r", 2)}),
    '2019-01-01' + INTERVAL seq * 37 SECOND, IF(seq % 2, '2026-01-01' + INTERVAL seq SECOND, NULL)""",
    0.12,
    365,
)
ORDERS = Table(
    "orders",
    """(id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL,
    number VARCHAR(20) NOT NULL, status ENUM('new','paid','sent','returned') NOT NULL,
    total DECIMAL(12,2) NOT NULL, discount DOUBLE, ordered_at DATETIME(3) NOT NULL, paid_on DATE,
    remark VARCHAR(255))""",
    (
        "ADD UNIQUE KEY orders_number_key (number)",
        "ADD KEY orders_customer_id_idx (customer_id)",
        "ADD KEY orders_status_ordered_at_idx (status, ordered_at)",
        "ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)"
        " ON DELETE CASCADE ON UPDATE CASCADE",
    ),
    """seq, 1 + CRC32(CONCAT('c', seq)) % {customers}, CONCAT('R-', 100000000 + seq * 7),
    1 + CRC32(CONCAT('s', seq)) % 4, CRC32(CONCAT('t', seq)) % 10000000 / 100, CRC32(CONCAT('d', seq)) / 7e9,
    '2020-01-01' + INTERVAL seq * 11 SECOND, IF(seq % 3, '2020-01-02' + INTERVAL seq * 11 SECOND, NULL),
    IF(seq % 5, NULL, (SELECT words FROM sentences WHERE id = 1 + seq % 997))""",
    0.14,
    147,
)
ORDER_LINES = Table(
    "order_lines",
    """(id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id INT UNSIGNED NOT NULL,
    position TINYINT UNSIGNED NOT NULL, article VARCHAR(24) NOT NULL, quantity INT NOT NULL,
    price DECIMAL(10,2) NOT NULL, tax_rate DECIMAL(4,2) NOT NULL)""",
    (
        "ADD UNIQUE KEY order_lines_order_id_position_key (order_id, position)",
        "ADD KEY order_lines_article_idx (article)",
        "ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id)"
        " ON DELETE CASCADE",
    ),
    f"""seq, 1 + (seq - 1) DIV {LINES_PER_ORDER} % {{orders}}, seq % {LINES_PER_ORDER}
        + {LINES_PER_ORDER} * ((seq - 1) DIV ({LINES_PER_ORDER} * {{orders}})),
    CONCAT('A', 10000 + CRC32(CONCAT('a', seq)) % 40000), 1 + CRC32(CONCAT('q', seq)) % 12,
    CRC32(CONCAT('p', seq)) % 100000 / 100, IF(seq % 7, 19, 7)""",
    0.26,
    100,
)
READINGS = Table(
    "readings",
    """(meter_id INT UNSIGNED NOT NULL, taken_at DATETIME NOT NULL, value DOUBLE NOT NULL,
    quality TINYINT NOT NULL, PRIMARY KEY (meter_id, taken_at))""",
    (),
    """seq DIV 20000, '2021-01-01' + INTERVAL seq % 20000 * 900 SECOND, CRC32(CONCAT('v', seq)) / 1000,
    seq % 11 = 0""",
    0.15,
    42,
)
SESSIONS = Table(
    "sessions",
    """(id CHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY, customer_id INT UNSIGNED NOT NULL,
    token VARBINARY(32) NOT NULL, address VARCHAR(45), expires_at TIMESTAMP NOT NULL)""",
    (
        "ADD UNIQUE KEY sessions_token_key (token)",
        "ADD KEY sessions_customer_id_idx (customer_id)",
        "ADD CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)",
    ),
    """MD5(seq), 1 + CRC32(CONCAT('c', seq)) % {customers}, UNHEX(SHA2(seq, 256)),
    INET_NTOA(CRC32(CONCAT('i', seq))), '2026-01-01' + INTERVAL seq SECOND""",
    0.09,
    331,
)
NOTES = Table(
    "notes",
    """(id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL,
    title VARCHAR(200) NOT NULL, body MEDIUMTEXT NOT NULL, written_at DATETIME(6) NOT NULL)""",
    (
        "ADD KEY notes_customer_id_written_at_idx (customer_id, written_at)",
        "ADD KEY notes_title_idx (title(40))",
        "ADD CONSTRAINT notes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)",
    ),
    f"""seq, 1 + CRC32(CONCAT('c', seq)) % {{customers}}, {text_of("seq", "t", 1)},
    CONCAT_WS('\\n', {text_of("seq", "x", 6)}, {text_of("seq", "y", 6)}),
    '2022-01-01' + INTERVAL seq * 1000003 MICROSECOND""",
    0.12,
    1100,
)
DOCUMENTS = Table(
    "documents",
    """(id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL,
    file_name VARCHAR(120) NOT NULL, media_type VARCHAR(60) NOT NULL, content LONGBLOB NOT NULL,
    uploaded_at DATETIME NOT NULL)""",
    (
        "ADD KEY documents_customer_id_idx (customer_id)",
        "ADD CONSTRAINT documents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)",
    ),
    f"""seq, 1 + CRC32(CONCAT('c', seq)) % {{customers}}, CONCAT('paper-', seq, '.pdf'), 'application/pdf',
    AES_ENCRYPT(LEFT(CONCAT({NOISE_PICKED}), 8000 + CRC32(CONCAT('l', seq)) % 70000), SHA2(seq, 256)),
    '2023-01-01' + INTERVAL seq MINUTE""",
    0.12,
    49_200,
)
TABLES = (CUSTOMERS, ORDERS, ORDER_LINES, READINGS, SESSIONS, NOTES, DOCUMENTS)

OTHER_OBJECTS = (
    "CREATE VIEW open_orders AS SELECT o.id, o.number, c.name FROM orders o JOIN customers c"
    " ON c.id = o.customer_id WHERE o.status = 'new'",
    "CREATE FUNCTION full_price(price DECIMAL(10,2), rate DECIMAL(4,2)) RETURNS DECIMAL(12,2) DETERMINISTIC"
    " RETURN price * (1 + rate / 100)",
    "CREATE TRIGGER orders_before_insert BEFORE INSERT ON orders FOR EACH ROW"
    " SET NEW.number = COALESCE(NEW.number, CONCAT('R-', UUID_SHORT()))",
    "CREATE EVENT forget_sessions ON SCHEDULE EVERY 1 DAY DISABLE"
    " DO DELETE FROM sessions WHERE expires_at < NOW() - INTERVAL 90 DAY",
)
