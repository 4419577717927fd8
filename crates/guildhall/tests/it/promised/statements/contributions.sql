-- The top of the leaderboard of everyone
SELECT u.login, r.points
FROM board_rows r
JOIN boards b ON b.id = r.board_id
JOIN users u ON u.id = r.user_id
WHERE b.key = 'global'
ORDER BY r.points DESC, r.reached_at, r.user_id
LIMIT 20;

-- The leaderboards of months
SELECT b.key, u.login, r.points, r.merged
FROM board_rows r
JOIN boards b ON b.id = r.board_id
JOIN users u ON u.id = r.user_id
WHERE b.key LIKE 'month:%'
ORDER BY b.key, r.points DESC, r.reached_at;

-- The leaderboards of seasons
SELECT b.key, u.login, r.points
FROM board_rows r
JOIN boards b ON b.id = r.board_id
JOIN users u ON u.id = r.user_id
WHERE b.key LIKE 'season:%'
ORDER BY b.key, r.points DESC;

-- People whose total differs from the ledger
SELECT u.login, u.total_points
FROM users u
LEFT JOIN point_transactions t ON t.user_id = u.id AND t.kind <> 'REDEMPTION'
GROUP BY u.id, u.login, u.total_points
HAVING u.total_points <> coalesce(sum(t.points), 0);

-- Points by kind of entry
SELECT kind, count(*) AS entries, sum(points) AS points
FROM point_transactions
GROUP BY kind
ORDER BY kind;

-- Pull requests by state
SELECT state, count(*) AS pull_requests
FROM contributions
GROUP BY state
ORDER BY state;

-- Points of pull requests by project
SELECT p.slug, count(*) AS pull_requests, sum(c.score) AS points
FROM contributions c
JOIN projects p ON p.id = c.project_id
GROUP BY p.slug
ORDER BY p.slug;

-- Holders of badges
SELECT b.slug, count(*) AS holders
FROM user_badges a
JOIN badges b ON b.id = a.badge_id
WHERE a.revoked_at IS NULL
AND NOT EXISTS (SELECT 1 FROM hidden_people h WHERE h.user_id = a.user_id)
GROUP BY b.slug
ORDER BY b.slug;

-- Flags that wait for a decision
SELECT kind, count(*) AS flags
FROM fair_play_flags
WHERE state = 'open'
GROUP BY kind
ORDER BY kind;

-- Disputes that wait for a decision
SELECT number, kind, due_at
FROM disputes
WHERE state = 'open'
ORDER BY due_at;

-- Merges of the last thirty days by repository (PostgreSQL)
SELECT r.full_name, count(*) AS merges
FROM pull_requests p
JOIN repositories r ON r.id = p.repository_id
WHERE p.merged_at > NOW() - INTERVAL '30 days'
GROUP BY r.full_name
ORDER BY merges DESC;
