-- Which arm of which experiment answered; null where none chose the model.
ALTER TABLE prediction_log ADD COLUMN experiment TEXT;
ALTER TABLE prediction_log ADD COLUMN arm TEXT;
