CREATE FUNCTION spinor_json_merge(stored jsonb, laid_over jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF jsonb_typeof(stored) <> 'object' OR jsonb_typeof(laid_over) <> 'object' THEN
    RETURN laid_over;
  END IF;
  RETURN (
    SELECT coalesce(jsonb_object_agg(coalesce(a.key, b.key),
      CASE WHEN a.key IS NULL THEN b.value WHEN b.key IS NULL THEN a.value
           ELSE spinor_json_merge(a.value, b.value) END), '{}'::jsonb)
    FROM jsonb_each(stored) a FULL JOIN jsonb_each(laid_over) b ON a.key = b.key
  );
END $$;
