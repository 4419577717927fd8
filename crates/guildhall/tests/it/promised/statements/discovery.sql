-- Open issues by type
SELECT type, count(*) AS opportunities
FROM opportunities
WHERE status = 'active'
GROUP BY type
ORDER BY type;

-- The best open issues
SELECT r.full_name, o.number, o.title, o.overall
FROM opportunities o
JOIN repositories r ON r.id = o.repository_id
WHERE o.status = 'active'
ORDER BY o.overall DESC
LIMIT 20;

-- Open issues with a label
SELECT number, title, labels
FROM opportunities
WHERE status = 'active' AND labels LIKE '%good first issue%'
ORDER BY title;

-- Preferences with the time zone and the channels of the person
SELECT u.login, u.timezone, d.digest, d.digest_minute, d.digest_weekday, n.kind, n.channel, n.mode
FROM discovery_preferences d
JOIN users u ON u.id = d.user_id
LEFT JOIN notification_preferences n ON n.user_id = d.user_id AND n.kind IN ('claim', 'good_match', 'issue_picks')
ORDER BY u.login, n.kind, n.channel;

-- Claims by status
SELECT status, count(*) AS claims
FROM opportunity_claims
GROUP BY status
ORDER BY status;

-- Health of repositories
SELECT r.full_name, h.health, h.activity, h.community, h.documentation, h.last_scanned_at
FROM repository_health h
JOIN repositories r ON r.id = h.repository_id
ORDER BY h.health DESC;

-- The cost of language models in the last thirty days (PostgreSQL)
SELECT date_trunc('day', created_at) AS day, count(*) AS calls, sum(cost) AS cost
FROM model_usage
WHERE created_at > NOW() - INTERVAL '30 days'
GROUP BY day
ORDER BY day;
