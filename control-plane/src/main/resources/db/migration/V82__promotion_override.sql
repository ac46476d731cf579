-- Who pushed a promotion on against its parity verdict. Once set it stays.
alter table promotion
    add column override_by text,
    add column override_at timestamptz,
    add column override_reason text,
    add constraint promotion_override_whole check (
        (override_by is null) = (override_at is null) and (override_by is null) = (override_reason is null));
