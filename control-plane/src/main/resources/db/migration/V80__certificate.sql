-- The one key that certificates are signed with, shared by all control planes over this database. Whoever can read this table can
-- sign, and could as well move the aliases; a backup of the database holds it too.
create table signing_key (
    only_one boolean primary key default true check (only_one),
    -- PKCS #8, DER, of an Ed25519 key.
    secret bytea not null,
    -- X.509 SubjectPublicKeyInfo, DER.
    public_key bytea not null
);

create table certificate (
    promotion_id text primary key,
    -- As it is exported; text keeps it as it was signed.
    signed text not null,
    issued_at timestamptz not null
);
