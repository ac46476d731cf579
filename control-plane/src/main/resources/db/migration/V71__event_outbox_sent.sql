-- What has left is deleted, not marked: a table of all events ever would only grow.
delete from event_outbox where sent_at is not null;
alter table event_outbox drop column sent_at;
