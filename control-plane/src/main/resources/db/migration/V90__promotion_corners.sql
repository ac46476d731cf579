-- The source and the converted model in float64: between them lies the conversion, between each and its machine the machine.
alter table promotion
    add column reference64_job text,
    add column candidate64_job text;
