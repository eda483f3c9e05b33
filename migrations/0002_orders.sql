CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,
  total_cents INTEGER NOT NULL,
  placed_on TEXT NOT NULL
);
INSERT INTO orders (id, customer, total_cents, placed_on) VALUES
  ('o-1', 'Ada', 12000, '2026-11-02'),
  ('o-2', 'Grace', 4550, '2026-11-02'),
  ('o-3', 'Ada', 990, '2026-11-03');
