use std::collections::{BTreeMap, BTreeSet};

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{CTF_MILESTONES, Milestones},
    model::{MilestoneNotices, RosterId},
    reads::{self, RosterView},
    rules::milestones::Milestone,
    store::milestones::{self, OpenMilestone},
};

/// A notice about milestones: one for each competitor, and one for all that the first imports found.
struct News {
    object: Uuid,
    /// The first of the milestones, which identifies the notice.
    occurrence: String,
    link: String,
    email: Milestones,
}

/// Notifies the coaches of a roster who chose it of the milestones that its competitors reached, in the caller's transaction. What
/// is stored and sent names no competitor.
///
/// # Errors
/// When an email cannot be rendered, or the database fails.
pub(crate) async fn notify_milestones(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: RosterId,
) -> Result<(), ActionError> {
    tx.lock_rows("rosters", [id.0]).await?;
    let open = milestones::open(tx, id).await?;
    let Some(roster) = reads::roster(tx, id).await?.filter(|_| !open.is_empty()) else {
        return Ok(());
    };
    let news = news(&roster, &open);
    for coach in reads::roster_coaches(tx, id).await? {
        let chosen = coach.coach.milestone_notices;
        if !coach.coach.approved || chosen != MilestoneNotices::Each {
            continue;
        }
        for news in &news {
            let notice = Notice {
                kind: &CTF_MILESTONES,
                user_id: coach.coach.user_id.into(),
                object_id: news.object,
                occurrence: &news.occurrence,
                link: news.link.clone(),
                email: &news.email,
            };
            notify(tx, context, post, &notice).await?;
        }
    }
    let rows = open.iter().map(|milestone| milestone.id);
    milestones::mark_notified(tx, rows, context.now()).await?;
    Ok(())
}

/// Groups milestones into notices. An archived roster has none.
fn news(roster: &RosterView, open: &[OpenMilestone]) -> Vec<News> {
    let shown = open.iter().filter(|milestone| milestone.is_shown() && !roster.is_archived());
    let (imported, reached): (Vec<_>, Vec<_>) = shown.partition(|milestone| milestone.is_imported);
    let mut of_competitors = BTreeMap::<Uuid, Vec<&OpenMilestone>>::new();
    for milestone in reached {
        let own = of_competitors.entry(milestone.competitor_id).or_default();
        own.push(milestone);
    }
    let about = |(competitor, own): (Uuid, Vec<&OpenMilestone>)| {
        let first = own.first()?;
        let headings = own.iter().map(|milestone| milestone.code);
        Some(News {
            object: competitor,
            occurrence: first.id.to_string(),
            link: format!("/ctf/competitors/{competitor}"),
            email: Milestones::Reached {
                roster: roster.name.clone(),
                link: format!("/ctf/competitors/{competitor}"),
                headings: headings.map(Milestone::heading).collect(),
            },
        })
    };
    let mut news: Vec<News> = of_competitors.into_iter().filter_map(about).collect();
    if let Some(first) = imported.first() {
        let people: BTreeSet<Uuid> = imported.iter().map(|it| it.competitor_id).collect();
        news.push(News {
            object: roster.id,
            occurrence: first.id.to_string(),
            link: roster.address(),
            email: Milestones::Imported {
                roster: roster.name.clone(),
                link: roster.address(),
                competitors: people.len(),
                milestones: imported.len(),
            },
        });
    }
    news
}
