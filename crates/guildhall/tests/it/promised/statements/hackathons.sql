-- Public hackathons
SELECT slug, capacity
FROM hackathons
WHERE visibility = 'public' AND published_at IS NOT NULL
ORDER BY slug;

-- Applications that wait for a decision
SELECT h.slug, count(*) AS pending
FROM applications a
JOIN hackathons h ON h.id = a.hackathon_id
WHERE a.status = 'pending_review'
GROUP BY h.slug
ORDER BY h.slug;

-- Applications by status
SELECT h.slug, a.status, count(*) AS applications
FROM applications a
JOIN hackathons h ON h.id = a.hackathon_id
GROUP BY h.slug, a.status
ORDER BY h.slug, a.status;

-- The waitlists
SELECT h.slug, u.login, a.waitlist_rank
FROM applications a
JOIN hackathons h ON h.id = a.hackathon_id
JOIN users u ON u.id = a.user_id
WHERE a.status = 'waitlisted'
ORDER BY h.slug, a.waitlist_rank;

-- Applications with their teams
SELECT h.slug, u.login, t.name AS team, a.status
FROM applications a
JOIN hackathons h ON h.id = a.hackathon_id
JOIN users u ON u.id = a.user_id
LEFT JOIN team_members m ON m.hackathon_id = a.hackathon_id AND m.user_id = a.user_id AND m.status = 'active'
LEFT JOIN teams t ON t.id = m.team_id
ORDER BY h.slug, t.name, u.login;

-- People who look for a team
SELECT h.slug, u.login
FROM applications a
JOIN hackathons h ON h.id = a.hackathon_id
JOIN users u ON u.id = a.user_id
WHERE a.looking_for_team AND a.status IN ('auto_accepted', 'approved')
ORDER BY h.slug, u.login;

-- Cancelled hackathons
SELECT h.slug, p.created_at
FROM hackathon_phases p
JOIN hackathons h ON h.id = p.hackathon_id
WHERE p.phase = 'cancelled'
ORDER BY h.slug;

-- Teams by number of members
SELECT h.slug, t.name, count(m.user_id) AS members
FROM teams t
JOIN hackathons h ON h.id = t.hackathon_id
LEFT JOIN team_members m ON m.team_id = t.id AND m.status = 'active'
GROUP BY h.slug, t.name
ORDER BY h.slug, t.name;

-- Submissions on time and late
SELECT h.slug, s.is_late, count(*) AS submissions
FROM submissions s
JOIN hackathons h ON h.id = s.hackathon_id
WHERE s.submitted_at IS NOT NULL
GROUP BY h.slug, s.is_late
ORDER BY h.slug, s.is_late;

-- Redemptions by status
SELECT status, count(*) AS redemptions
FROM reward_redemptions
GROUP BY status
ORDER BY status;

-- Rewards of which few are left
SELECT slug, stock, low_stock
FROM rewards
WHERE archived_at IS NULL AND stock <= low_stock
ORDER BY stock;

-- Redemptions that wait longer than a week (PostgreSQL)
SELECT w.slug, u.login, r.status_at
FROM reward_redemptions r
JOIN rewards w ON w.id = r.reward_id
JOIN users u ON u.id = r.user_id
WHERE r.status IN ('requested', 'approved') AND r.status_at < NOW() - INTERVAL '7 days'
ORDER BY r.status_at;
