-- Deliveries that failed
SELECT count(*)
FROM webhook_deliveries
WHERE dead_at IS NOT NULL;

-- Deliveries by event
SELECT event, count(*) AS deliveries
FROM webhook_deliveries
GROUP BY event
ORDER BY event;

-- Flags that are on
SELECT name, rollout_percent
FROM feature_flags
WHERE enabled
ORDER BY name;

-- Acts of the last seven days (PostgreSQL)
SELECT action, count(*) AS acts
FROM audit_logs
WHERE created_at > NOW() - INTERVAL '7 days'
GROUP BY action
ORDER BY action;

-- Messages that wait
SELECT channel, count(*) AS messages, min(due_at) AS oldest
FROM outbox_messages
WHERE due_at IS NOT NULL
GROUP BY channel
ORDER BY channel;

-- Refresh tokens that are neither used nor revoked
SELECT family, rotated_from, expires_at
FROM refresh_tokens
WHERE revoked_at IS NULL
ORDER BY expires_at;

-- Migrations that are applied
SELECT version, applied_at
FROM schema_migrations
ORDER BY version;

-- A feature is turned off
UPDATE feature_flags SET enabled = false WHERE name = 'live_updates';
