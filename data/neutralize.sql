-- Odoo stops all jobs and mail servers; this stops what would begin again with them.

-- no report leaves to an owner
UPDATE estate_report_plan
   SET active = false;

-- no mail that reaches the copy by mistake becomes an enquiry or a listing
UPDATE mail_alias
   SET alias_name = NULL,
       alias_full_name = NULL
 WHERE alias_model_id IN (
       SELECT id
         FROM ir_model
        WHERE model = 'estate.intake.message'
);

-- no offer that waits to be sent leaves the copy
UPDATE estate_pair
   SET is_queued = false
 WHERE is_queued;
