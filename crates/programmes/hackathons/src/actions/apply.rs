use chrono::TimeDelta;
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use recognition::model::BADGES_DUE;
use serde_json::json;

use super::{
    act_on,
    funnel::{self, FunnelStage},
    locked, new_code,
    places::next_status,
    still_changeable,
};
use crate::{
    access,
    model::{APPLICATION_DECIDED, ApplicationId, ApplicationStatus, StaffRole, Visibility},
    reads::{self, ApplicationView, HackathonView},
    rules::{
        applications::{ApplicationDetails, ApplicationInput, is_late_registration, may_apply},
        staff::may_take_part,
        teams::read_code,
        waitlist::{first_status, late_status},
    },
    store::{applications, check_ins},
    telemetry::APPLICATIONS,
};

/// Applies to a hackathon, or changes the application. An application that was withdrawn begins anew, at the end of the waitlist.
/// Late registration, if the hackathon has it, takes people until submissions close while places are free. `invitation` is the
/// code of the invitation link, which hackathons that are not public require of those who are not in their staff. Returns the
/// application.
///
/// # Errors
/// When the person applied ten times within an hour, applications are not open, late registration has no free place, an invitation is required, the person judges or organizes
/// the hackathon, their application was rejected, or a field is not valid.
pub async fn apply(
    context: &Context,
    person: UserId,
    slug: &str,
    invitation: &str,
    input: &ApplicationInput,
) -> Result<ApplicationView, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let before = reads::application(&tx, id, person).await?;
    let status = before.as_ref().map(|it| it.status);
    let role = reads::role_in(&tx, id, person).await?;
    // A person who withdrew begins anew, also with the invitation. The staff is invited by its role.
    let begins = status.is_none_or(|status| status == ApplicationStatus::Withdrawn);
    let is_invited = is_invited(&hackathon, role, invitation);
    if begins && access::is_hidden(&hackathon, now) && !is_invited {
        return Err(access::unknown_hackathon(slug).into());
    }
    still_changeable(context, &hackathon)?;
    let phase = hackathon.phase(now);
    may_apply(&hackathon.title, phase, hackathon.late_registration, status)?;
    may_take_part(&hackathon.title, role)?;
    if begins {
        check_invitation(&hackathon, is_invited)?;
    }
    if begins {
        check_number(&tx, context, &hackathon, person).await?;
    }
    let code = new_code()?;
    let details =
        ApplicationDetails::read(input, &hackathon.questions(), hackathon.conduct_version)?;
    let new = if begins {
        let first = |free, is_empty| {
            if is_late_registration(phase) {
                late_status(hackathon.places, free, is_empty)
            } else {
                Ok(first_status(hackathon.places, free, is_empty))
            }
        };
        Some(next_status(&tx, &hackathon, first).await?)
    } else {
        None
    };
    let row = match &before {
        Some(before) => before.key(),
        None => ApplicationId::new(context.ids.next()),
    };
    applications::write(&tx, row, id, person, &details, new, now).await?;
    check_ins::insert(&tx, row, id, &code, now).await?;
    let after = json!({
        "person": person.0, "conduct_version": details.conduct_version,
        "status": new.map(|new| new.status.as_str()),
    });
    let act = act_on(&hackathon, Actor::Person(person.0), "application.write", Some(after));
    audit::record(&tx, context, act).await?;
    if new.is_some() {
        let ids = context.ids.as_ref();
        tx.wake(APPLICATION_DECIDED, [row.0], ids, now).await?;
        tx.wake(BADGES_DUE, [person.0], ids, now).await?;
    }
    let written = reads::application_by_id(&tx, row).await?;
    tx.commit().await?;
    if before.is_none() {
        APPLICATIONS.add(&[], 1);
        funnel::count(FunnelStage::Applied, 1);
    }
    Ok(written.ok_or_else(|| access::unknown_hackathon(slug))?)
}

/// The maximum number of times that a person writes their application to a hackathon in an hour.
const PER_HOUR: i64 = 10;

/// Keeps a person from applying any number of times. The caller holds the lock of the hackathon's row.
async fn check_number(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<(), ActionError> {
    let since = context.now() - TimeDelta::hours(1);
    let (person, action) = (person.0, "application.write");
    if audit::count_by(tx, person, action, hackathon.id, since).await? < PER_HOUR {
        return Ok(());
    }
    let detail = format!(
        "You applied to {} {PER_HOUR} times in the last hour. Try again later.",
        hackathon.title
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_APPLICATIONS", detail);
    Err(problem.after(3600).into())
}

/// Returns whether a person is in the staff, or a code is that of the invitation link, which drafts do not have yet.
pub(crate) fn is_invited(hackathon: &HackathonView, role: Option<StaffRole>, code: &str) -> bool {
    let is_published = hackathon.steps().published_at.is_some();
    let opens = || read_code(code).is_ok_and(|code| code == hackathon.invite_code);
    role.is_some() || is_published && opens()
}

/// Refuses a person without the invitation that a hackathon requires.
pub(crate) fn check_invitation(hackathon: &HackathonView, is_invited: bool) -> Result<(), Problem> {
    if hackathon.visibility == Visibility::Public || is_invited {
        return Ok(());
    }
    let detail = format!(
        "{} is for invited people. Open the invitation link that its organizers sent you.",
        hackathon.title
    );
    Err(Problem::new(ProblemKind::Forbidden, "INVITATION_REQUIRED", detail))
}

/// Says whether others see that a person is looking for a team, once they have a place. Returns the status of their application.
///
/// # Errors
/// When the person has no open application, or the hackathon is over.
pub async fn set_looking(
    context: &Context,
    person: UserId,
    slug: &str,
    is_looking: bool,
) -> Result<ApplicationStatus, ActionError> {
    let tx = context.begin().await?;
    let (hackathon, application) = participant(&tx, context, slug, person).await?;
    applications::set_looking(&tx, hackathon.key(), person, is_looking, context.now()).await?;
    let after = json!({ "person": person.0, "is_looking_for_team": is_looking });
    let act = act_on(&hackathon, Actor::Person(person.0), "application.look", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(application.status)
}

/// Locks a hackathon that can change, in which a person has an open application. Returns both.
pub(super) async fn participant(
    tx: &Tx,
    context: &Context,
    slug: &str,
    person: UserId,
) -> Result<(HackathonView, ApplicationView), ActionError> {
    let hackathon = locked(tx, slug).await?;
    let application = open_application(tx, context, &hackathon, person).await?;
    still_changeable(context, &hackathon)?;
    Ok((hackathon, application))
}

/// Finds the open application of a person.
pub(super) async fn open_application(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<ApplicationView, ActionError> {
    let found = reads::application(tx, hackathon.key(), person).await?;
    let open = found.filter(|found| found.status.is_open());
    open.ok_or_else(|| {
        if access::is_hidden(hackathon, context.now()) {
            access::unknown_hackathon(&hackathon.slug).into()
        } else {
            access::not_applied(hackathon).into()
        }
    })
}
