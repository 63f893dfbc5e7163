-- An agency that has worked with Odoo for years: 50,000 contacts, 20,000 leads in its own
-- stages, 40 sales users, their messages, tasks and meetings. Raw SQL, because the ORM
-- would need minutes. Some stored values are on purpose not what Odoo would compute
-- (complete_name, phone_sanitized, probability): who recomputes them is found out.

-- PostgreSQL plans the check of a foreign key while the table is small, and keeps the plan.
SET LOCAL enable_seqscan = off;

CREATE FUNCTION pg_temp.xmlid(wanted text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT res_id FROM ir_model_data
    WHERE module = split_part(wanted, '.', 1) AND name = split_part(wanted, '.', 2)
$$;

-- Offices.
INSERT INTO mail_alias (
    id, alias_model_id, alias_name, alias_full_name, alias_contact, alias_defaults,
    alias_parent_model_id, alias_parent_thread_id, alias_status, create_uid, write_uid,
    create_date, write_date
)
SELECT n, pg_temp.xmlid('crm.model_crm_lead'), 'office' || n, 'office' || n, 'everyone',
    '{"type": "opportunity", "team_id": ' || n || '}', pg_temp.xmlid('sales_team.model_crm_team'),
    n, 'valid', 1, 1, '2021-02-03', '2022-03-04'
FROM generate_series(501, 504) AS n;

INSERT INTO crm_team (
    id, name, alias_id, active, company_id, use_leads, use_opportunities, sequence,
    create_uid, write_uid, create_date, write_date
)
SELECT n, jsonb_build_object('en_US', 'Office ' || n), n, true, 1, n = 504, true, n, 1, 1,
    '2021-02-03', '2022-03-04'
FROM generate_series(501, 504) AS n;

-- People: 1001 to 1040 sell, 1041 keeps the books, 1042 is a customer with portal access.
INSERT INTO res_partner (
    id, name, complete_name, email, email_normalized, company_id, active, is_company,
    partner_share, type, lang, commercial_partner_id, create_uid, write_uid, create_date,
    write_date
)
SELECT 89000 + n, 'User ' || n, 'User ' || n, 'user' || n || '@agency.example.com',
    'user' || n || '@agency.example.com', 1, true, false, n = 1042, 'contact', 'en_US',
    89000 + n, 1, 1, '2021-02-03', '2022-03-04'
FROM generate_series(1001, 1042) AS n;

INSERT INTO res_users (
    id, partner_id, company_id, login, active, share, notification_type, sale_team_id,
    create_uid, write_uid, create_date, write_date
)
SELECT n, 89000 + n, 1, 'user' || n, true, n = 1042, 'email',
    CASE WHEN n <= 1040 THEN 501 + n % 4 END, 1, 1, '2021-02-03', '2022-03-04'
FROM generate_series(1001, 1042) AS n;

INSERT INTO res_company_users_rel (cid, user_id)
SELECT 1, n FROM generate_series(1001, 1042) AS n;

-- 1001 leads the sales, every tenth sees all leads, the others see their own.
INSERT INTO res_groups_users_rel (uid, gid)
SELECT n, pg_temp.xmlid('base.group_user') FROM generate_series(1001, 1041) AS n
UNION ALL SELECT n, pg_temp.xmlid('base.group_partner_manager') FROM generate_series(1001, 1041) AS n
UNION ALL SELECT n, pg_temp.xmlid(
    CASE
        WHEN n = 1001 THEN 'sales_team.group_sale_manager'
        WHEN n % 10 = 0 THEN 'sales_team.group_sale_salesman_all_leads'
        ELSE 'sales_team.group_sale_salesman'
    END
) FROM generate_series(1001, 1040) AS n
UNION ALL SELECT 1042, pg_temp.xmlid('base.group_portal');

INSERT INTO crm_team_member (
    id, crm_team_id, user_id, active, assignment_max, create_uid, write_uid, create_date,
    write_date
)
SELECT n, 501 + n % 4, n, true, 30, 1, 1, '2021-02-03', '2022-03-04'
FROM generate_series(1001, 1040) AS n;

-- Everybody reads the general channel, as after any invitation.
INSERT INTO discuss_channel_member (
    channel_id, partner_id, new_message_separator, create_uid, write_uid, create_date,
    write_date
)
SELECT pg_temp.xmlid('mail.channel_all_employees'), 89000 + n, 0, 1, 1, '2021-02-03',
    '2022-03-04'
FROM generate_series(1001, 1041) AS n;

-- The agency's own stages; the last two belong to one office.
INSERT INTO crm_stage (
    id, name, sequence, is_won, fold, requirements, create_uid, write_uid, create_date, write_date
)
SELECT n, jsonb_build_object('en_US', title), n - 500, n = 506, false, 'As always', 1, 1,
    '2021-02-03', '2022-03-04'
FROM unnest(
    ARRAY['Called', 'Seen', 'Offer', 'Notary', 'Waiting', 'Signed', 'Loan', 'Bank']
) WITH ORDINALITY AS own (title, place), LATERAL (SELECT 500 + place::integer) AS id (n);

INSERT INTO crm_stage_crm_team_rel (crm_stage_id, crm_team_id) VALUES (507, 504), (508, 504);

INSERT INTO crm_lost_reason (id, name, active, create_uid, write_uid, create_date, write_date)
VALUES (501, '{"en_US": "Bought elsewhere"}', true, 1, 1, '2021-02-03', '2022-03-04');

-- 50,000 partners: of ten, two companies with four contacts, two employees' private
-- addresses, one invoice address and a single person.
INSERT INTO res_partner (
    id, name, complete_name, parent_id, commercial_partner_id, commercial_company_name,
    company_name, is_company, type, email, email_normalized, phone, phone_sanitized, street,
    zip, city, country_id, user_id, company_id, employee, active, partner_share, lang,
    color, comment, create_uid, write_uid, create_date, write_date
)
SELECT
    100000 + n,
    CASE WHEN n % 10 IN (0, 5) THEN 'Firma ' || n ELSE 'Person ' || n END,
    'Kept as it was ' || n,
    CASE WHEN n % 10 IN (1, 2, 6, 7, 8) THEN 100000 + n - n % 5 END,
    CASE WHEN n % 10 IN (1, 2, 6, 7, 8) THEN 100000 + n - n % 5 ELSE 100000 + n END,
    CASE WHEN n % 10 IN (0, 5) THEN 'Firma ' || n END,
    CASE WHEN n % 10 = 9 THEN 'Firma of ' || n END,
    n % 10 IN (0, 5),
    CASE WHEN n % 10 = 8 THEN 'invoice' WHEN n % 10 = 7 THEN 'other' ELSE 'contact' END,
    'Person' || n || '@Example.com', 'person' || n || '@example.com',
    '0' || 600000000 + n, 'kept ' || n, 'Straße ' || n % 200, lpad((n % 99999)::text, 5, '0'),
    'Ort ' || n % 400, pg_temp.xmlid('base.de'), CASE WHEN n % 3 = 0 THEN 1001 + n % 40 END,
    CASE WHEN n % 4 = 0 THEN 1 END, n % 10 IN (3, 4), n % 50 <> 0, true, 'en_US', n % 11,
    '<p>Known since ' || 1990 + n % 30 || '</p>', 1001 + n % 40, 1001 + n % 40,
    timestamp '2021-01-01' + n * interval '30 minutes',
    timestamp '2022-01-01' + n * interval '30 minutes'
FROM generate_series(0, 49999) AS n;

-- 20,000 leads: of ten, six open, two won, two lost; one of five is a lead, no opportunity.
INSERT INTO crm_lead (
    id, name, type, active, stage_id, team_id, user_id, partner_id, company_id, contact_name,
    email_from, email_normalized, phone, phone_sanitized, probability,
    automated_probability, won_status, lost_reason_id, expected_revenue, prorated_revenue,
    priority, color, date_open, date_closed, date_last_stage_update, create_uid, write_uid,
    create_date, write_date
)
SELECT
    200000 + n, 'Request ' || n, CASE WHEN n % 5 = 4 THEN 'lead' ELSE 'opportunity' END,
    n % 10 NOT IN (8, 9),
    CASE
        WHEN n % 10 IN (6, 7) THEN 506
        WHEN n % 4 = 3 AND n % 3 = 0 THEN 507 + n % 2
        ELSE 501 + n % 5
    END,
    501 + n % 4, CASE WHEN n % 7 <> 0 THEN 1001 + n % 40 END,
    CASE WHEN n % 3 <> 0 THEN 100000 + (n * 7) % 50000 END, CASE WHEN n % 2 = 0 THEN 1 END,
    'Person ' || n, 'Person' || (n * 7) % 50000 || '@Example.com',
    'person' || (n * 7) % 50000 || '@example.com', '0' || 600000000 + (n * 7) % 50000,
    'kept ' || n,
    CASE WHEN n % 10 IN (6, 7) THEN 100 WHEN n % 10 IN (8, 9) THEN 0 ELSE 10 + n % 77 END,
    CASE WHEN n % 10 IN (6, 7) THEN 100 WHEN n % 10 IN (8, 9) THEN 0 ELSE 10 + n % 55 END,
    CASE WHEN n % 10 IN (6, 7) THEN 'won' WHEN n % 10 IN (8, 9) THEN 'lost' ELSE 'pending' END,
    CASE WHEN n % 10 IN (8, 9) THEN 501 END, n * 100, n, (n % 3)::text, n % 11,
    '2023-01-01', CASE WHEN n % 10 IN (6, 7) THEN timestamp '2023-06-01' END, '2023-02-01',
    1001 + n % 40, 1001 + n % 40, timestamp '2021-01-01' + n * interval '1 hour',
    timestamp '2022-01-01' + n * interval '1 hour'
FROM generate_series(0, 19999) AS n;

-- What hangs on the leads: a message and a follower each, tasks, meetings.
INSERT INTO mail_message (
    id, model, res_id, message_type, subtype_id, author_id, subject, body, is_internal, date,
    message_id, create_uid, write_uid, create_date, write_date
)
SELECT 300000 + n, 'crm.lead', 200000 + n, CASE WHEN n % 4 = 0 THEN 'comment' ELSE 'notification' END,
    pg_temp.xmlid('mail.mt_comment'), 90001 + n % 40, 'Request ' || n, '<p>Hello</p>',
    n % 2 = 0, '2022-05-05', '<m' || n || '@agency.example.com>', 1001 + n % 40,
    1001 + n % 40, '2022-05-05', '2022-05-05'
FROM generate_series(0, 19999) AS n;

INSERT INTO mail_followers (id, res_model, res_id, partner_id)
SELECT 300000 + n, 'crm.lead', 200000 + n, 90001 + n % 40 FROM generate_series(0, 19999) AS n;

INSERT INTO mail_activity (
    id, res_model_id, res_model, res_id, res_name, activity_type_id, user_id, summary,
    date_deadline, active, automated, create_uid, write_uid, create_date, write_date
)
SELECT 300000 + n, pg_temp.xmlid('crm.model_crm_lead'), 'crm.lead', 200000 + n * 5, 'Kept',
    pg_temp.xmlid('mail.mail_activity_data_call'), 1001 + n % 40, 'Ring', '2024-01-01',
    n % 3 <> 0, false, 1001 + n % 40, 1001 + n % 40, '2022-05-05', '2022-05-05'
FROM generate_series(0, 2999) AS n;

INSERT INTO calendar_event (
    id, name, start, stop, duration, user_id, opportunity_id, res_model, res_model_id, res_id,
    active, allday, show_as, privacy, create_uid, write_uid, create_date, write_date
)
SELECT 300000 + n, 'Meeting ' || n, timestamp '2023-01-02 10:00' + n * interval '1 day',
    timestamp '2023-01-02 11:00' + n * interval '1 day', 1, 1001 + n % 40, 200000 + n * 9,
    'crm.lead', pg_temp.xmlid('crm.model_crm_lead'), 200000 + n * 9, true, false, 'busy',
    'public', 1001 + n % 40, 1001 + n % 40, '2022-05-05', '2022-05-05'
FROM generate_series(0, 1999) AS n;

INSERT INTO calendar_attendee (
    id, event_id, partner_id, state, create_uid, write_uid, create_date, write_date
)
SELECT 300000 + n, 300000 + n, 90001 + n % 40, 'accepted', 1001, 1001, '2022-05-05', '2022-05-05'
FROM generate_series(0, 1999) AS n;

INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
SELECT 300000 + n, 90001 + n % 40 FROM generate_series(0, 1999) AS n;

-- Numbers go on above these rows, as in any database that has grown.
SELECT setval(pg_get_serial_sequence(relname, 'id'), 900000)
FROM unnest(
    ARRAY[
        'res_partner', 'res_users', 'mail_alias', 'crm_team', 'crm_team_member', 'crm_stage',
        'crm_lost_reason', 'crm_lead', 'mail_message', 'mail_followers', 'mail_activity',
        'calendar_event', 'calendar_attendee'
    ]
) AS relname;
ANALYZE;
