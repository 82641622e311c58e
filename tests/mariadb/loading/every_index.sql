CREATE TABLE parents (id INT PRIMARY KEY AUTO_INCREMENT, code CHAR(8), UNIQUE KEY z (code), KEY a (code(2)));
CREATE TABLE words (id INT PRIMARY KEY, body TEXT, title VARCHAR(80), FULLTEXT KEY f (body),
    FULLTEXT KEY g (title, body), KEY t (title)) COMMENT='a;\n  KEY `b` (`c`),';
CREATE TABLE places (id INT PRIMARY KEY, at POINT NOT NULL, SPATIAL KEY s (at), UNIQUE KEY u (id, at(5)));
CREATE TABLE computed (id INT PRIMARY KEY, a INT, v INT AS (a * 2) VIRTUAL, s INT AS (a + 1) STORED,
    KEY v (v), UNIQUE KEY s (s, v), KEY d (a DESC) COMMENT 'it''s "x"', KEY i (a, s) IGNORED,
    CONSTRAINT positive CHECK (a > 0));
CREATE TABLE pieces (id INT, y INT, x INT, PRIMARY KEY (id, y), KEY x (x), UNIQUE KEY u (y, x))
    PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE packed (id INT PRIMARY KEY, a VARCHAR(99), KEY a (a) KEY_BLOCK_SIZE=4)
    ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
CREATE TABLE keyless (a INT, b INT, KEY b (b), KEY a (a));
CREATE TABLE unique_first (a INT NOT NULL, b INT, UNIQUE KEY a (a), KEY b (b));
CREATE TABLE hashed (id INT PRIMARY KEY, b TEXT, UNIQUE KEY b (b), KEY c (id));
CREATE TABLE numbered (a INT, n INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (a, n), KEY n (n));
CREATE TABLE history (id INT PRIMARY KEY, a INT, KEY a (a)) WITH SYSTEM VERSIONING;
CREATE TABLE mine (id INT PRIMARY KEY, a INT, KEY a (a)) ENGINE=MyISAM;
CREATE TABLE ours (id INT PRIMARY KEY, a INT, KEY a (a)) ENGINE=Aria;
CREATE TABLE `a ``b` (id INT PRIMARY KEY, `p``c` INT, boss INT, `ключ 한` INT, KEY `k``한` (`p``c`),
    KEY `ы` (`ключ 한`), CONSTRAINT `f``k` FOREIGN KEY (`p``c`) REFERENCES parents (id) ON DELETE CASCADE,
    CONSTRAINT self FOREIGN KEY (boss) REFERENCES `a ``b` (id)) DEFAULT CHARSET=latin1 COMMENT '😀';
CREATE SEQUENCE numbers;
SELECT NEXTVAL(numbers);
CREATE TABLE by_number (id INT PRIMARY KEY DEFAULT NEXTVAL(numbers), a INT, KEY a (a));
INSERT INTO parents VALUES (3, 'c'), (7, 'd');
INSERT INTO words VALUES (1, 'some words', 'a title');
INSERT INTO places VALUES (1, POINT(1, 2));
INSERT INTO computed (id, a) VALUES (1, 5), (2, 6);
INSERT INTO pieces VALUES (1, 1, 1), (2, 9, 2);
INSERT INTO packed VALUES (1, 'x');
INSERT INTO keyless VALUES (1, 2);
INSERT INTO unique_first VALUES (2, 1), (1, 2);
INSERT INTO hashed VALUES (1, 'a');
INSERT INTO numbered (a) VALUES (1);
INSERT INTO history VALUES (1, 1); UPDATE history SET a = 2;
INSERT INTO mine VALUES (1, 1);
INSERT INTO ours VALUES (1, 1);
INSERT INTO `a ``b` VALUES (1, 3, NULL, 1), (2, 7, 1, 2);
INSERT INTO by_number (a) VALUES (1);
SET SESSION sql_mode = 'ALLOW_INVALID_DATES';
CREATE TABLE dates (id INT PRIMARY KEY, d DATE, KEY d (d));
INSERT INTO dates VALUES (1, '2023-02-31'), (2, '0000-00-00');
