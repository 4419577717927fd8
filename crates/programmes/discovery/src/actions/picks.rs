use std::collections::BTreeSet;

use chrono::TimeDelta;
use identity::model::UserId;
use kernel::Timestamp;
use notifications::{
    actions::notify,
    model::Notice,
    rules::{day_start, next},
};
use platform::{ActionError, Context, crash, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    access::matches::{self, MatchedOpportunity},
    emails::{GOOD_MATCH, GoodMatch, PICKS, Pick, Picks},
    reads,
    rules::{digest::next_digest, matching::hours_words},
    search::{Pool, PoolFilter},
    store::{
        digests::{self, DueDigest, EagerReader, NewOpportunity},
        preferences,
    },
};

/// The people that are read at once.
const ROUND: i64 = 100;

/// The issues of a digest.
const PICKED: usize = 5;

/// How long an issue is new.
const NEW: TimeDelta = TimeDelta::hours(6);

/// The most new issues that people are notified of at once.
const MOST_NEW: i64 = 500;

/// The most new issues that are looked at for a person.
const MOST_FITTING: usize = 100;

/// The least fit of an issue that a person is notified of at once.
const FITS: f64 = 0.5;

/// Sends the digests that are due, each in its own transaction; returns their number.
///
/// # Errors
/// When the database fails, or an email cannot be rendered.
pub(crate) async fn send_digests(
    context: &Context,
    post: &Post,
    pool: &Pool,
) -> Result<usize, ActionError> {
    let mut sent = 0;
    loop {
        let due = digests::due(&context.db, context.now(), ROUND).await?;
        if due.is_empty() {
            return Ok(sent);
        }
        for due in due {
            sent += usize::from(send_digest(context, post, pool, &due).await?);
        }
    }
}

async fn send_digest(
    context: &Context,
    post: &Post,
    pool: &Pool,
    due: &DueDigest,
) -> Result<bool, ActionError> {
    let (db, now, person) = (&context.db, context.now(), due.person());
    let own = preferences::of_person(db, person).await?.unwrap_or_default();
    let timezone = identity::reads::timezone(db, person).await?;
    // The person may have moved to another time zone since the digest was scheduled.
    let minute_before = due.next_digest_at - TimeDelta::minutes(1);
    let local = next(minute_before, timezone, own.digest_minute);
    let picks = if local <= now {
        best(context, pool, person, PoolFilter::default(), PICKED).await?
    } else {
        Vec::new()
    };
    let seen = identity::reads::last_seen(db, person).await?;
    let is_ignored = due.last_digest_at.is_some_and(|last| seen.is_none_or(|seen| seen < last));
    let ignored = match (picks.is_empty(), is_ignored) {
        (true, _) => due.ignored_digests,
        (false, true) => due.ignored_digests + 1,
        (false, false) => 0,
    };
    let next = if local <= now { next_digest(&own, timezone, ignored, now) } else { Some(local) };
    let sent_at = if picks.is_empty() { due.last_digest_at } else { Some(now) };
    let mut tx = context.begin().await?;
    if !digests::take(&tx, due, next, sent_at, ignored).await? {
        return Ok(false);
    }
    let mut is_sent = false;
    if !picks.is_empty() {
        let email = Picks { picks: picks.iter().map(pick).collect() };
        let notice = Notice {
            kind: &PICKS,
            user_id: person,
            object_id: person.0,
            occurrence: &due.next_digest_at.to_rfc3339(),
            link: "/discover/for-you".to_owned(),
            email: &email,
        };
        is_sent = notify(&mut tx, context, post, &notice).await?;
    }
    crash::point("digests.before_commit");
    tx.commit().await?;
    crash::point("digests.after_commit");
    Ok(is_sent)
}

/// Returns the best opportunities for a person among some.
async fn best(
    context: &Context,
    pool: &Pool,
    person: UserId,
    among: PoolFilter,
    most: usize,
) -> Result<Vec<MatchedOpportunity>, ActionError> {
    let profiled = reads::profiled(&context.db, person).await?;
    Ok(matches::proposed(context, pool, person, &profiled.person, among, most).await?)
}

fn pick(matched: &MatchedOpportunity) -> Pick {
    let own = &matched.opportunity;
    Pick {
        title: own.title.clone(),
        place: format!("{}#{}", own.repository, own.number),
        hours: hours_words(own.analysis.hours),
        percent: matched.fit.percent(),
        reason: matched.fit.reasons(1).first().map(|own| (*own).to_owned()),
        link: own.address(),
    }
}

/// Notifies people of new issues that are worth much and fit them; returns the number of notices.
///
/// # Errors
/// When the database fails, or an email cannot be rendered.
pub(crate) async fn send_good_matches(
    context: &Context,
    post: &Post,
    pool: &Pool,
) -> Result<usize, ActionError> {
    let (db, now) = (&context.db, context.now());
    let new = digests::new_since(db, now - NEW, MOST_NEW).await?;
    let Some(worthiest) = new.first() else {
        return Ok(0);
    };
    let (mut after, mut sent) = (Uuid::nil(), 0);
    loop {
        let people = digests::eager(db, worthiest.overall, after, ROUND).await?;
        let Some(last) = people.last() else {
            return Ok(sent);
        };
        after = last.id;
        for eager in people {
            sent += send_new(context, post, pool, &eager, &new, now).await?;
        }
    }
}

async fn send_new(
    context: &Context,
    post: &Post,
    pool: &Pool,
    eager: &EagerReader,
    new: &[NewOpportunity],
    now: Timestamp,
) -> Result<usize, ActionError> {
    let person = eager.person();
    let worthy = new.iter().filter(|own| own.overall >= eager.instant_threshold * 10);
    let only: BTreeSet<Uuid> = worthy.map(|own| own.id).collect();
    let among = PoolFilter { only: Some(only), ..PoolFilter::default() };
    // They may know the best ones already.
    let mut fitting = best(context, pool, person, among, MOST_FITTING).await?;
    fitting.retain(|own| own.fit.total >= FITS);
    if fitting.is_empty() {
        return Ok(0);
    }
    let timezone = identity::reads::timezone(&context.db, person).await?;
    let mut tx = context.begin().await?;
    digests::lock(&tx, eager).await?;
    let since = day_start(now, timezone);
    let today = notifications::reads::count_since(&tx, person, &GOOD_MATCH, since).await?;
    let mut left = usize::try_from(eager.most_a_day - today).unwrap_or_default();
    let mut sent = 0;
    for matched in &fitting {
        if left == 0 {
            break;
        }
        let is_new = notify_of(&mut tx, context, post, person, matched).await?;
        left -= usize::from(is_new);
        sent += usize::from(is_new);
    }
    crash::point("good_matches.before_commit");
    tx.commit().await?;
    Ok(sent)
}

async fn notify_of(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: UserId,
    matched: &MatchedOpportunity,
) -> Result<bool, ActionError> {
    let email = GoodMatch { pick: pick(matched) };
    let notice = Notice {
        kind: &GOOD_MATCH,
        user_id: person,
        object_id: matched.opportunity.id,
        occurrence: "new",
        link: matched.opportunity.address(),
        email: &email,
    };
    notify(tx, context, post, &notice).await
}
