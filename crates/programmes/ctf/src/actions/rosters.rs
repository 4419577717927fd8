use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    coaches::locked_coach, end_connections::end_connections, enroll::enroll, keep_year::keep_year,
};
use crate::{
    access,
    model::{CoachId, CompetitorId, LinkKind, RosterId, RosterRole},
    reads::{self, CoachView, RosterView},
    rules::rosters::{self as rules, CoachInput, RosterDetails, RosterInput, YearEnd, first_year},
    store::{
        coaches, competitors, enrollments,
        links::{self, LinksOf},
        rosters::{self, SharedRoster},
    },
};

/// Finds a roster and locks its row: of two transactions that change it, one waits for the other.
pub(crate) async fn locked_roster(tx: &Tx, id: RosterId) -> Result<RosterView, ActionError> {
    tx.lock_rows("rosters", [id.0]).await?;
    let found = reads::roster(tx, id).await?;
    Ok(found.ok_or_else(access::unknown_roster)?)
}

/// Like [`locked_roster`], for a change that archived rosters refuse.
pub(crate) async fn changeable_roster(tx: &Tx, id: RosterId) -> Result<RosterView, ActionError> {
    let roster = locked_roster(tx, id).await?;
    rules::changeable(roster.is_archived())?;
    Ok(roster)
}

/// Returns an action on a roster, to record.
pub(crate) fn act_on_roster(
    id: RosterId,
    actor: Actor,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Act<'static> {
    Act { actor, action, target_kind: "ctf_roster", target_id: id.0, before, after, reason: None }
}

/// Creates a roster; the approved coach who creates it coaches it. Returns its ID.
///
/// # Errors
/// When a field is missing or not valid, or the person is not an approved coach.
pub async fn create_roster(
    context: &Context,
    coach: &CoachView,
    input: &RosterInput,
) -> Result<RosterId, ActionError> {
    let details = RosterDetails::read(input)?;
    let tx = context.begin().await?;
    if !locked_coach(&tx, coach.key()).await?.approved {
        return Err(access::approved_coach_required().into());
    }
    let actor = Actor::Person(coach.user_id);
    let id = create_in(&tx, context, actor, coach.key(), &details).await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a roster for an admin who is not a coach: they become an approved one, and coach it. Returns its ID.
///
/// # Errors
/// When a field is missing or not valid, or the person is a coach by now.
pub async fn create_first_roster(
    context: &Context,
    admin: UserId,
    coach: &CoachInput,
    input: &RosterInput,
) -> Result<RosterId, ActionError> {
    let (details, own) = rules::with_coach(input, coach)?;
    let tx = context.begin().await?;
    let (coach, actor) = (CoachId::new(context.ids.next()), Actor::Person(admin.0));
    if !coaches::insert(&tx, coach, admin, &own, context.now()).await? {
        let detail = "You are a coach by now. Reload this page, then create the roster.";
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_COACH", detail).into());
    }
    let act = Act {
        actor,
        action: "coach.approve",
        target_kind: "coach",
        target_id: coach.0,
        before: None,
        after: Some(json!({ "approved": true, "division": own.division.as_str() })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    let id = create_in(&tx, context, actor, coach, &details).await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a roster that a coach coaches, in the caller's transaction.
async fn create_in(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    coach: CoachId,
    details: &RosterDetails,
) -> Result<RosterId, ActionError> {
    let (id, now) = (RosterId::new(context.ids.next()), context.now());
    rosters::insert(tx, id, details, None, now).await?;
    rosters::set_role(tx, context.ids.next(), id, coach, RosterRole::Coach, now).await?;
    let after = json!({
        "name": details.name, "school": details.school, "school_year": details.school_year,
    });
    let act = act_on_roster(id, actor, "ctf_roster.create", None, Some(after));
    audit::record(tx, context, act).await?;
    Ok(id)
}

/// Changes the settings of a roster.
///
/// # Errors
/// When a field is missing or not valid, the roster is archived, or another roster has archived the school year of one of its
/// competitors.
pub async fn edit_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
    input: &RosterInput,
) -> Result<(), ActionError> {
    let details = RosterDetails::read(input)?;
    let tx = context.begin().await?;
    let before = changeable_roster(&tx, id).await?;
    if details.school_year != before.school_year {
        change_year(&tx, id, &details).await?;
    }
    rosters::update(&tx, id, &details, context.now()).await?;
    let before = json!({
        "name": before.name, "school": before.school, "school_year": before.school_year,
        "timezone": before.timezone,
    });
    let after = json!({
        "name": details.name, "school": details.school, "school_year": details.school_year,
        "timezone": details.timezone,
    });
    let act = act_on_roster(id, actor, "ctf_roster.edit", Some(before), Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Changes the school year of the enrollments on a roster.
async fn change_year(tx: &Tx, id: RosterId, details: &RosterDetails) -> Result<(), ActionError> {
    let year = first_year(&details.school_year);
    if enrollments::taken(tx, id, year).await? > 0 {
        let detail = format!(
            "Another roster has archived {} with competitors of this one. Enter another school year.",
            details.school_year
        );
        return Err(rules::invalid(detail).at("school_year").into());
    }
    Ok(enrollments::set_year(tx, id, year).await?)
}

/// Archives a roster and its teams, and revokes its open invitations and the links of its competitors. Its competitors and their
/// results are kept as they are.
///
/// # Errors
/// When the roster is archived already.
pub async fn archive_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    changeable_roster(&tx, id).await?;
    keep_year(&tx, context, id).await?;
    rosters::archive(&tx, id, context.now()).await?;
    links::revoke(&tx, LinksOf::Roster(id), context.now()).await?;
    let act = act_on_roster(id, actor, "ctf_roster.archive", None, None);
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// A school year to begin.
#[derive(Clone, Debug, Default)]
pub struct NewYear {
    pub name: String,
    pub school_year: String,
    pub competitors: Vec<CompetitorId>,
}

/// A school year that began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartedYear {
    pub roster: RosterId,
    /// The number of competitors who continue in it.
    pub moved: usize,
    /// The number of those who were in the last grade, and left.
    pub graduated: usize,
}

/// Begins a school year: creates a roster with the same coaches, enrolls the chosen competitors in it with their history, each a
/// grade higher, and archives the former roster and its teams, which keeps all its competitors as they are. Those in the last
/// grade leave.
///
/// # Errors
/// When a field is missing or not valid, the new school year is not later, or the roster is archived already.
pub async fn start_school_year(
    context: &Context,
    actor: Actor,
    id: RosterId,
    new: &NewYear,
) -> Result<StartedYear, ActionError> {
    let tx = context.begin().await?;
    let former = changeable_roster(&tx, id).await?;
    let details = RosterDetails::read(&RosterInput {
        name: new.name.clone(),
        school: former.school,
        school_year: new.school_year.clone(),
        timezone: former.timezone,
    })?;
    if details.school_year == former.school_year {
        let detail = format!(
            "This roster already has the school year {}. Enter the next one.",
            details.school_year
        );
        return Err(rules::invalid(detail).at("school_year").into());
    }
    let years = first_year(&details.school_year) - first_year(&former.school_year);
    if years <= 0 {
        let detail = format!(
            "{} is not later than {}, the school year of this roster. Enter the next one.",
            details.school_year, former.school_year
        );
        return Err(rules::invalid(detail).at("school_year").into());
    }
    let (next, now) = (RosterId::new(context.ids.next()), context.now());
    rosters::insert(&tx, next, &details, Some(id), now).await?;
    for coach in locked_coaches(&tx, id).await? {
        rosters::set_role(
            &tx,
            context.ids.next(),
            next,
            CoachId::new(coach.coach_id),
            coach.role,
            now,
        )
        .await?;
    }
    keep_year(&tx, context, id).await?;
    let present = reads::continuing(&tx, id).await?;
    let (last, others): (Vec<_>, Vec<_>) =
        present.iter().partition(|row| YearEnd::after(row.grade, years) == YearEnd::Graduates);
    let chosen = others.iter().map(|row| CompetitorId::new(row.id));
    let chosen: Vec<_> = chosen.filter(|id| new.competitors.contains(id)).collect();
    let moved = rosters::move_competitors(&tx, (id, next), &chosen, years, now).await?;
    for row in &last {
        competitors::leave(&tx, row.id.into(), now).await?;
    }
    rosters::archive(&tx, id, now).await?;
    let view = locked_roster(&tx, next).await?;
    enroll(&tx, context, &view, moved.iter().map(|id| CompetitorId::new(*id))).await?;
    let graduated: Vec<Uuid> = last.iter().map(|row| row.id).collect();
    let after = json!({
        "roster": next.0, "school_year": details.school_year, "competitors": moved,
        "graduated": graduated,
    });
    let act = act_on_roster(id, actor, "ctf_roster.start_year", None, Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(StartedYear { roster: next, moved: moved.len(), graduated: graduated.len() })
}

/// Changes the role of a coach on a roster, and revokes what they could give or accept. Repeating it changes nothing. Returns
/// the login.
///
/// # Errors
/// When they do not coach the roster, are its last coach, or it is archived.
pub async fn change_coach_role(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    coach: CoachId,
    role: RosterRole,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    changeable_roster(&tx, roster).await?;
    let found = locked_coach(&tx, coach).await?;
    let before = role_on(&tx, roster, coach).await?;
    if before != role {
        check_kept(&tx, roster, coach, before).await?;
        let row = context.ids.next();
        rosters::set_role(&tx, row, roster, coach, role, context.now()).await?;
        revoke_of(&tx, context, actor, roster, &found).await?;
        let said = |role: RosterRole| json!({ "coach": coach.0, "role": role.as_str() });
        let act = act_on_roster(
            roster,
            actor,
            "ctf_roster.change_role",
            Some(said(before)),
            Some(said(role)),
        );
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(found.login)
}

/// Removes a coach from a roster, who may be the person who acts, and revokes what they could give or accept. Returns the
/// login.
///
/// # Errors
/// When they do not coach the roster, or are its last coach.
pub async fn remove_roster_coach(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    coach: CoachId,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    locked_roster(&tx, roster).await?;
    let role = role_on(&tx, roster, coach).await?;
    check_kept(&tx, roster, coach, role).await?;
    rosters::remove_coach(&tx, roster, coach).await?;
    let found = reads::coach(&tx, coach).await?;
    let found = found.ok_or_else(access::unknown_coach)?;
    revoke_of(&tx, context, actor, roster, &found).await?;
    let action = if actor.person() == Some(found.user_id) {
        "ctf_roster.leave"
    } else {
        "ctf_roster.remove_coach"
    };
    let before = json!({ "coach": coach.0, "role": role.as_str() });
    let act = act_on_roster(roster, actor, action, Some(before), None);
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(found.login)
}

/// Leaves a roster that the person coaches.
///
/// # Errors
/// When they do not coach the roster, or are its last coach.
pub async fn leave_roster(
    context: &Context,
    person: Uuid,
    roster: RosterId,
) -> Result<(), ActionError> {
    let found = reads::coach_of(&context.db, person.into()).await?;
    let coach = found.ok_or_else(access::unknown_coach)?;
    let actor = Actor::Person(person);
    remove_roster_coach(context, actor, roster, coach.key()).await.map(drop)
}

/// Locks the coaches of a roster, and lists those whom no erasure removed meanwhile.
async fn locked_coaches(tx: &Tx, roster: RosterId) -> Result<Vec<SharedRoster>, ActionError> {
    let coaches = rosters::shared(tx, roster).await?;
    let ids = coaches.iter().map(|coach| coach.coach_id);
    tx.lock_rows("coaches", ids).await?;
    Ok(rosters::shared(tx, roster).await?)
}

async fn role_on(tx: &Tx, roster: RosterId, coach: CoachId) -> Result<RosterRole, ActionError> {
    let shared = rosters::shared(tx, roster).await?;
    let own = shared.iter().find(|row| row.coach_id == coach.0);
    Ok(own.ok_or_else(not_on_roster)?.role)
}

/// Refuses to take a role from the last coach of a roster. The caller locked the roster.
async fn check_kept(
    tx: &Tx,
    roster: RosterId,
    coach: CoachId,
    role: RosterRole,
) -> Result<(), ActionError> {
    let shared = rosters::shared(tx, roster).await?;
    let others = shared.iter().filter(|row| row.coach_id != coach.0 && row.approved);
    let others: Vec<RosterRole> = others.map(|row| row.role).collect();
    Ok(rules::keeps_coach(role, &others)?)
}

/// Revokes what a coach made for a roster and its competitors, and all open invitations to share it: they may have one.
/// Disconnects the accounts for which only they answer.
async fn revoke_of(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    roster: RosterId,
    coach: &CoachView,
) -> Result<(), ActionError> {
    let now = context.now();
    end_connections(tx, context, actor, coach.user_id.into()).await?;
    links::revoke(tx, LinksOf::Maker(coach.user_id, roster), now).await?;
    links::revoke(tx, LinksOf::RosterKind(roster, LinkKind::Roster), now).await?;
    Ok(())
}

fn not_on_roster() -> Problem {
    Problem::not_found(
        "This coach is no longer on the roster. Reload its list of coaches and try again.",
    )
}
