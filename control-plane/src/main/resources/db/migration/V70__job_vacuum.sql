-- A job passes through the indexes of what waits and of what is held, and leaves dead entries there, which every look at the queue
-- steps over until they are swept. So they are swept by their number, not by their share of a table that only grows.
alter table job set (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0
);
