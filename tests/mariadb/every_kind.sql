CREATE TABLE departments (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(191) NOT NULL,
  UNIQUE KEY departments_name (name)
) AUTO_INCREMENT=500 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='it''s `quoted`';
CREATE TABLE users (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  department_id INT UNSIGNED NULL,
  email VARCHAR(191) NOT NULL DEFAULT '',
  born DATE NULL,
  hidden INT INVISIBLE DEFAULT 7,
  email_length INT GENERATED ALWAYS AS (CHAR_LENGTH(email)) STORED,
  email_upper VARCHAR(191) GENERATED ALWAYS AS (UPPER(email)) VIRTUAL,
  photo LONGBLOB NULL,
  settings JSON NULL,
  price DECIMAL(20,6) NULL,
  ratio DOUBLE NULL,
  flags BIT(5) NULL,
  kind ENUM('a','b''c') NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  seen_at TIMESTAMP(6) NULL,
  CONSTRAINT users_department FOREIGN KEY (department_id) REFERENCES departments (id) ON DELETE SET NULL,
  CONSTRAINT ratio_small CHECK (ratio < 1e300)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `odd ``name`` with "quotes"` (`select` INT, `a b` TEXT) DEFAULT CHARSET=latin1;
CREATE TABLE archive (id INT PRIMARY KEY, body TEXT) ENGINE=InnoDB WITH SYSTEM VERSIONING;
CREATE TABLE parted (id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE SEQUENCE invoice_number START WITH 1000 INCREMENT BY 5 CACHE 20;
SELECT NEXTVAL(invoice_number);
CREATE TABLE audit (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what TEXT) DEFAULT CHARSET=utf8mb4;
CREATE DEFINER=`ghost`@`nowhere` VIEW user_names AS SELECT id, email FROM users;
CREATE SQL SECURITY INVOKER VIEW by_department AS SELECT d.name, COUNT(u.id) AS people FROM departments d LEFT JOIN users u ON u.department_id = d.id GROUP BY d.name;
CREATE VIEW a_view_on_a_view AS SELECT * FROM by_department WHERE name LIKE '%한%';
CREATE TRIGGER users_inserted AFTER INSERT ON users FOR EACH ROW INSERT INTO audit (what) VALUES (CONCAT('new ', NEW.email));
CREATE TRIGGER users_inserted_too AFTER INSERT ON users FOR EACH ROW FOLLOWS users_inserted BEGIN IF NEW.id > 0 THEN SET @seen = NEW.id; END IF; END;
SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT';
CREATE DEFINER=`ghost`@`nowhere` PROCEDURE greet(IN who VARCHAR(50), OUT words TEXT) BEGIN SET words = 'hello; ' || who || ' 😀'; END;
SET SESSION sql_mode = DEFAULT;
CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC COMMENT 'doubles; really' RETURN n * 2;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' DISABLE COMMENT 'never' DO DELETE FROM audit;
CREATE EVENT weekly ON SCHEDULE EVERY 1 WEEK STARTS '2030-01-01 03:00:00' ENABLE DO BEGIN DELETE FROM audit; END;
INSERT INTO departments (id, name) VALUES (1, '인사부'), (2, 'R&D; "x"'), (3, 'back\\slash');
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO departments (id, name) VALUES (0, 'zero');
INSERT INTO users (department_id, email, born, photo, settings, price, ratio, flags, kind, created_at, seen_at) VALUES
 (1, '한@example.kr', '0000-00-00', X'00FF0A0D271A5C80', '{"a":[1,2]}', 12345678901234.123456, 0.1, b'10101', 'b''c', '2026-01-01 00:00:00.123', '2026-01-01 00:00:00.123456'),
 (2, '😀@example.com', NULL, '', NULL, NULL, 1e-200, NULL, 'a', '0000-00-00 00:00:00', NULL),
 (NULL, 'line\nbreak\r\ntab\t\0nul', '2026-02-30', NULL, 'null', -0.000001, -0.3333333333333333, b'0', NULL, '2026-01-01 00:00:00', '2026-01-01 00:00:00');
SET SESSION sql_mode = DEFAULT;
INSERT INTO `odd ``name`` with "quotes"` VALUES (1, 'é'), (NULL, NULL);
INSERT INTO archive VALUES (1, 'first');
UPDATE archive SET body = 'second';
INSERT INTO parted VALUES (1, 1999), (2, 2026);
