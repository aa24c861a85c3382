-- One row, so that counting needs no scan and adding no second statement.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    count BIGINT NOT NULL
);
INSERT INTO visits (id, count) VALUES (1, 0);
