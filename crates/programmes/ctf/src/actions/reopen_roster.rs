use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    enroll::enroll,
    rosters::{act_on_roster, locked_roster},
};
use crate::{
    model::{CompetitorId, RosterId},
    reads::{self, RosterView},
    rules::rosters::{YearEnd, first_year},
    store::{
        competitors,
        enrollments::{self, KeptRow},
        rosters,
    },
};

/// Reopens an archived roster, which undoes the end of its school year: its competitors are enrolled in it again, with the grade
/// of that year unless a coach changed it since, its teams are open, and the roster that continued it is deleted. Those who left
/// meanwhile stay away, and the figures of erased competitors stay kept.
///
/// # Errors
/// When the roster is not archived, the next one is archived too or has teams or competitors of its own, or a competitor is on
/// another roster.
pub async fn reopen_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<(), ActionError> {
    let (tx, now) = (context.begin().await?, context.now());
    let found = locked_roster(&tx, id).await?;
    let Some(archived_at) = found.archived_at else {
        return Err(refused("This roster is not archived.".to_owned()).into());
    };
    // The next roster was created later, so that its row is locked in the order of IDs.
    let next = match reads::next_roster(&tx, id).await? {
        Some(next) => Some(locked_roster(&tx, next.key()).await?),
        None => None,
    };
    let kept = locked_years(&tx, id).await?;
    check(&tx, &found, next.as_ref(), &kept).await?;
    let next_id = next.as_ref().map(RosterView::key);
    rosters::give_back(&tx, next_id, id, archived_at, now).await?;
    if let Some(next) = &next {
        restore_grades(&tx, context, &found, next, &kept).await?;
    }
    let known = kept.iter().filter(|row| row.erased_at.is_none());
    enrollments::delete(&tx, known.map(|row| row.id)).await?;
    let present = reads::continuing(&tx, id).await?;
    enroll(&tx, context, &found, present.into_iter().map(|row| row.id.into())).await?;
    rosters::reopen(&tx, id, archived_at, now).await?;
    if let Some(next) = next_id {
        rosters::delete(&tx, next).await?;
    }
    let before = next_id.map(|next| json!({ "roster": next.0 }));
    let act = act_on_roster(id, actor, "ctf_roster.reopen", before, None);
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Locks the competitors of an archived year, and lists where they are.
async fn locked_years(tx: &Tx, id: RosterId) -> Result<Vec<KeptRow>, ActionError> {
    let kept = enrollments::kept(tx, id).await?;
    tx.lock_rows("competitors", kept.iter().map(|row| row.competitor_id)).await?;
    Ok(enrollments::kept(tx, id).await?)
}

async fn check(
    tx: &Tx,
    roster: &RosterView,
    next: Option<&RosterView>,
    kept: &[KeptRow],
) -> Result<(), ActionError> {
    let homes = [Some(roster.id), next.map(|next| next.id)];
    let moved = kept.iter().filter(|row| {
        let is_present = row.left_at.is_none() && row.erased_at.is_none();
        is_present && !homes.contains(&Some(row.roster_id))
    });
    match moved.count() {
        0 => {}
        number => {
            let who = kernel::counted(number, "competitor is", "competitors are");
            let detail = format!(
                "{who} on another roster now. Only a school year whose competitors have not moved on can be reopened."
            );
            return Err(refused(detail).into());
        }
    }
    let Some(next) = next else {
        return Ok(());
    };
    if next.is_archived() {
        let detail = format!(
            "The roster of the next school year, {}, is archived too. Reopen that one first.",
            next.school_year
        );
        return Err(refused(detail).into());
    }
    if !reads::teams_of_roster(tx, next.key()).await?.is_empty() {
        let detail = format!(
            "The roster of {} has teams. Delete them first: reopening this roster deletes that one.",
            next.school_year
        );
        return Err(refused(detail).into());
    }
    let known = |id: Uuid| kept.iter().any(|row| row.competitor_id == id);
    let present = reads::continuing(tx, next.key()).await?;
    let new = present.iter().filter(|row| !known(row.id)).count();
    if new > 0 {
        let who = kernel::counted(new, "competitor has", "competitors have");
        let detail = format!(
            "{who} joined the roster of {} since. Move them to another roster first: reopening this roster deletes that one.",
            next.school_year
        );
        return Err(refused(detail).into());
    }
    Ok(())
}

/// Gives the competitors who were moved to the next roster the grades that they had, unless a coach changed them since.
async fn restore_grades(
    tx: &Tx,
    context: &Context,
    roster: &RosterView,
    next: &RosterView,
    kept: &[KeptRow],
) -> Result<(), ActionError> {
    let years = first_year(&next.school_year) - first_year(&roster.school_year);
    let advanced = kept.iter().filter(|row| {
        let is_moved = row.roster_id == next.id && row.grade.is_some();
        is_moved && row.present_grade == YearEnd::after(row.grade, years).grade()
    });
    for row in advanced {
        let id = CompetitorId::new(row.competitor_id);
        competitors::set_grade(tx, id, row.grade, context.now()).await?;
    }
    Ok(())
}

fn refused(detail: String) -> Problem {
    Problem::new(ProblemKind::Conflict, "ROSTER_NOT_REOPENED", detail)
}
