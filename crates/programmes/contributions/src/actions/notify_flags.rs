//! Notifications of flags and of the outcomes of reports.

use kernel::Timestamp;
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::DbError, db::Tx, outbox::Post};
use uuid::Uuid;

use super::detect_gaming::FLAGS;
use crate::{
    emails::{FLAGS_WAITING, FlagsWaiting, REPORT_OUTCOME, ReportOutcome},
    model::{FLAG_RAISED, FlagState, ReportTarget},
    reads,
    rules::fair_play::notice::is_due,
    store::{
        fair_play,
        flag_notices::{self, OpenFlag},
        reports,
    },
};

fn is_late(flag: &OpenFlag, now: Timestamp) -> bool {
    !flag.is_late_noticed && now - flag.raised_at > flag.kind.target()
}

/// Notifies moderators of new flags and of late ones, once for all that they were not notified of, if that is due. The
/// object is any flag.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_flags(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    flag: Uuid,
) -> Result<(), ActionError> {
    tx.serialize(FLAGS).await?;
    let now = context.now();
    let open = flag_notices::unnoticed(tx).await?;
    let new: Vec<Uuid> = ids(&open, |flag| !flag.is_noticed);
    let late: Vec<Uuid> = ids(&open, |flag| is_late(flag, now));
    let email = FlagsWaiting {
        new: i64::try_from(new.len()).unwrap_or(i64::MAX),
        late: i64::try_from(late.len()).unwrap_or(i64::MAX),
    };
    if !is_due(email.new, email.late) {
        return Ok(());
    }
    flag_notices::mark(tx, new, late, now).await?;
    for person in identity::reads::moderators(tx).await? {
        let notice = Notice {
            kind: &FLAGS_WAITING,
            user_id: person,
            object_id: flag,
            occurrence: &now.to_rfc3339(),
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

fn ids(flags: &[OpenFlag], are: impl Fn(&OpenFlag) -> bool) -> Vec<Uuid> {
    let found = flags.iter().filter(|flag| are(flag));
    found.map(|flag| flag.id).collect()
}

/// Has moderators notified of flags that have waited for longer than their target. Returns the number of these flags.
///
/// # Errors
/// When the database fails.
pub async fn note_late_flags(context: &Context) -> Result<usize, DbError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    let late = ids(&flag_notices::unnoticed(&tx).await?, |flag| is_late(flag, now));
    let first = late.first().copied();
    tx.wake(FLAG_RAISED, first, context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(late.len())
}

/// Notifies a person of the outcome of their report, unless its flag was reopened in the meantime.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_report(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(report) = reports::report(tx, id).await? else {
        return Ok(());
    };
    let Some(outcome) = fair_play::outcome(tx, report.flag_id.into()).await? else {
        return Ok(());
    };
    // The repository may have become private in the meantime.
    let Some((name, link)) = named(tx, report.target()).await? else {
        return Ok(());
    };
    let email = ReportOutcome {
        name,
        path: link,
        is_confirmed: outcome.state == FlagState::Confirmed,
        effect: outcome.effect,
    };
    let notice = Notice {
        kind: &REPORT_OUTCOME,
        user_id: report.reporter_id.into(),
        object_id: id,
        occurrence: &outcome.decided_at.to_rfc3339(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

async fn named(tx: &Tx, target: ReportTarget) -> Result<Option<(String, String)>, ActionError> {
    match target {
        ReportTarget::PullRequest(pull) => {
            let found = github::reads::pull_requests(tx, [pull]).await?;
            let found = found.into_values().next();
            Ok(found.map(|pull| {
                let name = format!("{}#{}", pull.full_name, pull.number);
                let path = format!("/pull-requests/{}/{}", pull.full_name, pull.number);
                (name, path)
            }))
        }
        ReportTarget::Repository(repository) => {
            let found = github::reads::named(tx, [repository]).await?;
            let found = found.into_iter().find(|it| !it.is_private);
            let project = reads::project_of_repository(tx, repository).await?;
            Ok(found.zip(project).map(|(it, slug)| (it.full_name, format!("/projects/{slug}"))))
        }
    }
}
