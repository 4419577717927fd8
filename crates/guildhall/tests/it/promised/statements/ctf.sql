-- Competitors who wait for the platform: adults without a release, too
SELECT count(*)
FROM competitors c
JOIN rosters r ON r.id = c.roster_id
WHERE r.archived_at IS NULL AND c.left_at IS NULL AND c.erased_at IS NULL AND c.confirmed_at IS NOT NULL
AND c.game_platform_id IS NULL AND c.game_platform_sync_error IS NULL AND c.release_withdrawn_at IS NULL
AND (c.is_18_or_over OR (c.release_signed AND c.parent_name IS NOT NULL AND c.parent_email IS NOT NULL));

-- Complete competitors who are not on the platform
SELECT first_name, last_name, game_platform_sync_error
FROM competitors
WHERE game_platform_id IS NULL AND status = 'complete';

-- Competitors by status
SELECT status, count(*) AS competitors
FROM competitors
GROUP BY status
ORDER BY status;

-- Results of the last seven days (PostgreSQL)
SELECT last_result, COUNT(*), round(COUNT(*) * 100.0 / SUM(COUNT(*)) OVER (), 1) AS percent
FROM game_platform_sync_state
WHERE last_attempt_at > NOW() - INTERVAL '7 days'
GROUP BY last_result;

-- Competitors whose last sync failed
SELECT c.id, s.error_message, s.consecutive_failures
FROM competitors c
JOIN game_platform_sync_state s ON c.game_platform_id = s.syned_user_id
WHERE s.last_result = 'failure';

-- Competitors who were not asked for since yesterday (PostgreSQL)
SELECT syned_user_id, last_attempt_at
FROM game_platform_sync_state
WHERE last_attempt_at < NOW() - INTERVAL '24 hours' OR last_attempt_at IS NULL;

-- The last runs
SELECT started_at, finished_at, trigger, scope, total, synced, skipped, failed, duration_ms, outcome
FROM game_platform_sync_runs
ORDER BY started_at DESC
LIMIT 10;

-- Solves by domain
SELECT domain, count(*) AS solves
FROM game_platform_challenge_solves
GROUP BY domain
ORDER BY domain;

-- Points of competitors
SELECT c.first_name, c.last_name, s.challenges_completed, s.monthly_ctf_challenges, s.total_score, s.last_activity
FROM competitors c
JOIN game_platform_stats s ON s.competitor_id = c.id
ORDER BY s.total_score DESC;

-- Flash CTFs of competitors
SELECT name, count(*) AS competitors, sum(challenges_solved) AS solves
FROM game_platform_flash_ctf_events
GROUP BY name
ORDER BY name;

-- Tables of the game platform (PostgreSQL)
SELECT table_name
FROM information_schema.tables
WHERE table_name LIKE 'game_platform%'
ORDER BY table_name;

-- Migrations of the game platform
SELECT version, applied_at
FROM schema_migrations
WHERE version LIKE '%game_platform%'
ORDER BY version;

-- Calls to the platform are turned off
UPDATE feature_flags SET enabled = false WHERE name = 'game_platform_integration';

-- The state of the simulated platform is forgotten
DELETE FROM game_platform_sync_state WHERE syned_user_id LIKE '%mock%';

-- The state of the sync is forgotten
DELETE FROM game_platform_sync_state;
