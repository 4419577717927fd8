use std::collections::BTreeMap;

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{CTF_OWN_WEEK, CTF_ROSTER_WEEK, OwnWeek, RosterWeek},
    model::{MilestoneNotices, RosterId},
    reads::{self, DomainTotals, PersonFigures, WeeklyRoster},
    rules::{
        range::{DayRange, zone},
        support::{in_order, median},
        weeks::due,
    },
    store::rosters,
};

/// Notifies coaches of the week of each roster, and competitors who chose it of their own, on Monday morning in the roster's
/// time zone. Each week is sent once. Returns the number of notifications.
///
/// # Errors
/// When an email cannot be rendered, or the database fails.
pub async fn send_weeks(context: &Context, post: &Post) -> Result<usize, ActionError> {
    let mut sent = 0;
    for roster in reads::weekly_rosters(&context.db).await? {
        let Some(week) = due(context.now(), zone(&roster.timezone)) else {
            continue;
        };
        let last = week.last.to_string();
        if roster.week_sent.as_ref().is_none_or(|sent| *sent < last) {
            sent += send_week(context, post, &roster, &week).await?;
        }
    }
    Ok(sent)
}

async fn send_week(
    context: &Context,
    post: &Post,
    roster: &WeeklyRoster,
    week: &DayRange,
) -> Result<usize, ActionError> {
    let (id, span) = (RosterId::new(roster.id), week.instants(zone(&roster.timezone)));
    let figures = reads::roster_figures(&context.db, id, &span).await?;
    let milestones = reads::milestones_in(&context.db, id, &span).await?;
    let plain = roster_week(context, roster, week, &figures).await?;
    let email = RosterWeek { milestones, ..plain.clone() };
    let last = email.last.to_string();
    let mut tx = context.begin().await?;
    tx.lock_rows("rosters", [roster.id]).await?;
    let mut sent = 0;
    for coach in reads::roster_coaches(&tx, id).await? {
        if coach.coach.approved {
            let notice = Notice {
                kind: &CTF_ROSTER_WEEK,
                user_id: coach.coach.user_id.into(),
                object_id: roster.id,
                occurrence: &last,
                link: email.path.clone(),
                email: match coach.coach.milestone_notices {
                    MilestoneNotices::Never => &plain,
                    MilestoneNotices::Each | MilestoneNotices::Weekly => &email,
                },
            };
            sent += usize::from(notify(&mut tx, context, post, &notice).await?);
        }
    }
    sent += send_own(&mut tx, context, post, id, week, &figures).await?;
    rosters::set_week_sent(&tx, id, &last).await?;
    tx.commit().await?;
    Ok(sent)
}

async fn roster_week(
    context: &Context,
    roster: &WeeklyRoster,
    week: &DayRange,
    figures: &BTreeMap<Uuid, PersonFigures>,
) -> Result<RosterWeek, ActionError> {
    let people = reads::dashboard_people(&context.db, roster.id.into()).await?;
    let of = |id: Uuid| figures.get(&id).map(PersonFigures::total).unwrap_or_default();
    let mut total = DomainTotals::default();
    people.iter().for_each(|person| total.add(&of(person.id)));
    let middle = median(people.iter().map(|person| of(person.id).solves));
    let facts = people.iter().map(|person| {
        let own = of(person.id);
        (person.id, person.support(own.solves, own.last))
    });
    let needs = in_order(facts, middle, context.now());
    let active = people.iter().filter(|person| of(person.id).solves > 0);
    Ok(RosterWeek {
        path: format!("/ctf/rosters/{}", roster.id),
        roster: roster.name.clone(),
        first: week.first,
        last: week.last,
        points: total.points,
        solves: total.solves,
        active: (active.count(), people.len()),
        support: needs.len(),
        errors: people.iter().filter(|person| person.sync_error().is_some()).count(),
        milestones: 0,
    })
}

/// Notifies the competitors of a roster who chose it and whose consent allows it.
async fn send_own(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    roster: RosterId,
    week: &DayRange,
    figures: &BTreeMap<Uuid, PersonFigures>,
) -> Result<usize, ActionError> {
    let mut sent = 0;
    for competitor in reads::weekly_competitors(tx, roster).await? {
        let Some(person) = competitor.user_id.filter(|_| competitor.allows_mail()) else {
            continue;
        };
        let own = figures.get(&competitor.id).map(PersonFigures::total);
        let own = own.unwrap_or_default();
        let email =
            OwnWeek { first: week.first, last: week.last, points: own.points, solves: own.solves };
        let notice = Notice {
            kind: &CTF_OWN_WEEK,
            user_id: person.into(),
            object_id: competitor.id,
            occurrence: &week.last.to_string(),
            link: "/ctf/me/report".to_owned(),
            email: &email,
        };
        sent += usize::from(notify(tx, context, post, &notice).await?);
    }
    Ok(sent)
}
