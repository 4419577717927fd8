use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::Tx};

use crate::{
    model::CompetitorId,
    reads::{self, CompetitorView, RosterView},
    rules::rosters::{YearEnd, first_year},
    store::{competitors, enrollments},
};

/// Enrolls competitors in the school year of a roster, in the caller's transaction, and ends their present enrollments.
///
/// # Errors
/// When another roster has archived the same school year of one of them.
pub(crate) async fn enroll(
    tx: &Tx,
    context: &Context,
    roster: &RosterView,
    competitors: impl IntoIterator<Item = CompetitorId>,
) -> Result<(), ActionError> {
    let new = competitors.into_iter().map(|id| (context.ids.next(), id));
    let new: Vec<_> = new.collect();
    if enrollments::enroll(tx, roster.key(), &new, context.now()).await? {
        return Ok(());
    }
    let detail = format!(
        "A competitor is on one roster of a school year, and another roster has archived {} with this competitor. \
         Reopen that roster, or use a roster of another school year.",
        roster.school_year
    );
    Err(Problem::new(ProblemKind::Conflict, "ALREADY_ENROLLED", detail).into())
}

/// Enrolls a competitor who comes from another roster. Their grade advances with the school year, also if they stayed out for
/// some years; it is not known if they would have graduated.
///
/// # Errors
/// Those of [`enroll`].
pub(crate) async fn enroll_again(
    tx: &Tx,
    context: &Context,
    roster: &RosterView,
    found: &CompetitorView,
) -> Result<(), ActionError> {
    enroll(tx, context, roster, [found.key()]).await?;
    let Some(former) = reads::roster(tx, found.roster()).await? else {
        return Ok(());
    };
    let years = first_year(&roster.school_year) - first_year(&former.school_year);
    if years > 0 && found.grade.is_some() {
        let grade = YearEnd::after(found.grade, years).grade();
        competitors::set_grade(tx, found.key(), grade, context.now()).await?;
    }
    Ok(())
}
