//! Stored competitors and solves for the tests of dashboards and report cards.

use chrono::TimeDelta;
use ctf::model::{CompetitorId, RosterId};
use kernel::Timestamp;
use platform::db::{Cell, Sql as _};
use uuid::Uuid;

use crate::app::TestApp;

/// A solve that a test stores.
#[derive(Clone, Copy)]
pub(super) struct Solve {
    pub(super) title: &'static str,
    pub(super) domain: &'static str,
    pub(super) points: i64,
    pub(super) source: &'static str,
    /// How long ago it was solved.
    pub(super) days: i64,
}

impl Solve {
    pub(super) fn new(title: &'static str, domain: &'static str, points: i64, days: i64) -> Self {
        Self { title, domain, points, source: "odl", days }
    }

    pub(super) fn flash(self) -> Self {
        Self { source: "flash_ctf", ..self }
    }
}

impl TestApp {
    /// Returns an instant some days ago.
    pub(super) fn days_ago(&self, days: i64) -> Timestamp {
        self.context().now() - TimeDelta::days(days)
    }

    async fn store<const N: usize>(&self, sql: &str, values: [Cell; N]) {
        let tx = self.context().begin().await.expect("a transaction");
        tx.run(tx.statement(sql, values)).await.expect("a row");
        tx.commit().await.expect("committed");
    }

    fn new_id(&self) -> Uuid {
        self.context().ids.next()
    }

    /// Stores a confirmed competitor who is not on the platform.
    pub(super) async fn competitor(
        &self,
        roster: RosterId,
        first: &str,
        last: &str,
    ) -> CompetitorId {
        let (id, now) = (self.new_id(), self.context().now());
        let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, \
                   is_18_or_over, grade, release_signed, wants_weekly_mail, confirmed_at, status) \
                   VALUES ($1, $2, $2, $3, $4, $5, TRUE, 11, TRUE, FALSE, $2, 'profile')";
        let values = [id.into(), now.into(), roster.into(), first.into(), last.into()];
        self.store(sql, values).await;
        id.into()
    }

    /// Stores a number of confirmed competitors at once.
    pub(super) async fn filled(&self, roster: RosterId, number: usize) {
        let (tx, now) =
            (self.context().begin().await.expect("a transaction"), self.context().now());
        for _ in 0..number {
            let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, \
                       is_18_or_over, release_signed, wants_weekly_mail, confirmed_at, status) \
                       VALUES ($1, $2, $2, $3, 'Ada', 'Quill', TRUE, TRUE, FALSE, $2, 'profile')";
            let values = [self.new_id().into(), now.into(), roster.into()];
            tx.run(tx.statement(sql, values)).await.expect("a row");
        }
        tx.commit().await.expect("committed");
    }

    /// Puts a competitor on the platform, synced an hour ago, with totals.
    pub(super) async fn on_platform(&self, competitor: CompetitorId, totals: (i64, i64)) {
        let (key, now) = (competitor.to_string(), self.context().now());
        let synced = now - TimeDelta::hours(1);
        let sql = "UPDATE competitors SET game_platform_id = $2, status = 'complete', last_login_at = $3, \
                   metactf_user_status = 'approved' WHERE id = $1";
        self.store(sql, [competitor.into(), key.as_str().into(), self.days_ago(1).into()]).await;
        let sql = "INSERT INTO game_platform_stats (id, created_at, competitor_id, challenges_completed, \
                   monthly_ctf_challenges, total_score, last_activity, synced_at) \
                   VALUES ($1, $2, $3, $4, 0, $5, $6, $2)";
        let values = [
            self.new_id().into(),
            synced.into(),
            competitor.into(),
            totals.0.into(),
            totals.1.into(),
            self.days_ago(1).into(),
        ];
        self.store(sql, values).await;
        let sql = "INSERT INTO game_platform_sync_state (syned_user_id, last_odl_synced_at, last_attempt_at, \
                   last_result, needs_totals_refresh, consecutive_failures) \
                   VALUES ($1, $2, $2, 'success', FALSE, 0)";
        self.store(sql, [key.as_str().into(), synced.into()]).await;
    }

    /// Sets how many days ago a competitor was last active on the platform; `None` if they never signed in.
    pub(super) async fn seen(&self, competitor: CompetitorId, days: Option<i64>) {
        let at = days.map(|days| self.days_ago(days));
        let sql = "UPDATE competitors SET last_login_at = $2 WHERE id = $1";
        self.store(sql, [competitor.into(), at.into()]).await;
        let sql = "UPDATE game_platform_stats SET last_activity = $2 WHERE competitor_id = $1";
        self.store(sql, [competitor.into(), at.into()]).await;
    }

    pub(super) async fn solved(&self, competitor: CompetitorId, solve: Solve) {
        let (id, now) = (self.new_id(), self.context().now());
        let sql = "INSERT INTO game_platform_challenge_solves (id, created_at, competitor_id, syned_user_id, \
                   challenge_solve_id, challenge_id, title, category, domain, points, solved_at, source, \
                   is_retired, nice_work_roles, raw) VALUES ($1, $2, $3, $4, $5, $5, $6, 'Cat', $7, $8, $9, \
                   $10, FALSE, '[\"PD-WRL-002\",\"ZZ-1\"]', '{}')";
        let values = [
            id.into(),
            now.into(),
            competitor.into(),
            competitor.to_string().into(),
            id.to_string().into(),
            solve.title.into(),
            solve.domain.into(),
            solve.points.into(),
            self.days_ago(solve.days).into(),
            solve.source.into(),
        ];
        self.store(sql, values).await;
    }

    /// Sets when the solve with a title was made.
    pub(super) async fn solved_at(&self, title: &str, at: Timestamp) {
        let sql = "UPDATE game_platform_challenge_solves SET solved_at = $1 WHERE title = $2";
        self.store(sql, [at.into(), title.into()]).await;
    }

    /// Stores a Flash CTF of a competitor.
    pub(super) async fn took_part(
        &self,
        competitor: CompetitorId,
        event: &str,
        points: i64,
        days: i64,
    ) {
        let sql = "INSERT INTO game_platform_flash_ctf_events (id, created_at, competitor_id, syned_user_id, \
                   event_id, name, challenges_solved, points_earned, max_points_possible, rank, started_at, raw) \
                   VALUES ($1, $2, $3, $4, $5, $5, 2, $6, 1000, 7, $7, '{}')";
        let values = [
            self.new_id().into(),
            self.context().now().into(),
            competitor.into(),
            competitor.to_string().into(),
            event.into(),
            points.into(),
            self.days_ago(days).into(),
        ];
        self.store(sql, values).await;
    }
}
