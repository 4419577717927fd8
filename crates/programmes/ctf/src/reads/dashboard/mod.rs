//! Queries of the dashboard of a roster: one statement for each panel.

mod figures;
mod kept;
mod peers;
mod people;
mod recent;

pub use figures::{DomainTotals, PersonFigures, roster_figures};
pub use kept::KeptFigures;
pub use peers::{StoredFigures, division_figures, peer_points};
pub use people::{DashboardPerson, coaching_people, dashboard_people, joining};
pub use recent::{FlashMomentum, RecentSolve, entrants, flash_momentum, recent_solves};

/// The condition on a competitor `c` who is on the roster now.
pub(super) const PRESENT: &str = "c.left_at IS NULL AND c.confirmed_at IS NOT NULL";

/// Returns the division of a competitor `c`: that of their team, or else that of the first coach of their roster.
pub(super) const DIVISION: &str = "coalesce((SELECT t.division FROM ctf_team_members m JOIN ctf_teams t ON t.id = m.team_id \
     WHERE m.competitor_id = c.id AND m.left_at IS NULL), \
     (SELECT k.division FROM roster_coaches b JOIN coaches k ON k.id = b.coach_id \
     WHERE b.roster_id = c.roster_id AND b.role = 'coach' ORDER BY b.created_at, b.id LIMIT 1))";
