use platform::{Context, db::DbError};

use super::{LOCK, request};
use crate::{
    Programme, Programmes,
    model::{FirstBadge, Rarity, Share},
    rules::badges::{BadgeTexts, Criteria},
    store::badges::{self, NewBadgeRow},
};

/// Creates the badges that every server begins with, also those of programmes, and has everyone evaluated. Badges that were changed or retired stay
/// as they are. Running it again changes nothing.
pub async fn seed_badges(context: &Context, programmes: Programmes) -> Result<(), DbError> {
    let db = &context.db;
    let own = programmes.iter().flat_map(Programme::first_badges);
    let seeds: Vec<NewBadgeRow> = seeds().into_iter().chain(own.map(first_badge)).collect();
    // A read avoids the write lock when nothing is missing.
    if missing(&badges::all(db).await?, &seeds) == 0 {
        return Ok(());
    }
    let mut tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    let first = seeds.first().map(|seed| seed.texts.slug.clone());
    if badges::insert(&tx, ids, seeds, now).await? > 0
        && let Some(badge) = badges::find(&tx, &first.unwrap_or_default()).await?
    {
        request(&mut tx, context, &badge).await?;
    }
    tx.commit().await
}

fn missing(known: &[crate::model::BadgeRow], seeds: &[NewBadgeRow]) -> usize {
    let is_known = |seed: &&NewBadgeRow| known.iter().any(|badge| badge.slug == seed.texts.slug);
    seeds.len() - seeds.iter().filter(is_known).count()
}

/// Returns the badges that every server begins with.
fn seeds() -> Vec<NewBadgeRow> {
    use Rarity::{Common, Epic, Legendary, Rare};
    let first = seed(
        ("first-merge", "First merge", "The first merged pull request."),
        Criteria::FirstPr,
        Common,
    );
    let merged = [
        (10, "ten-merges", "Ten merged", Common),
        (50, "fifty-merges", "Fifty merged", Rare),
        (100, "hundred-merges", "A hundred merged", Epic),
        (500, "five-hundred-merges", "Five hundred merged", Legendary),
    ];
    let merged = merged.map(|(at_least, slug, name, rarity)| {
        let words = format!("{at_least} merged pull requests.");
        seed((slug, name, &words), Criteria::PrCount { at_least }, rarity)
    });
    let rated = [
        (400, 10, "rated-4-0", "4.0 over 10", Rare),
        (450, 25, "rated-4-5", "4.5 over 25", Epic),
        (500, 50, "rated-5-0", "5.0 over 50", Legendary),
    ];
    let rated = rated.map(|(average, over, slug, name, rarity)| {
        let words = format!("An average rating of {name} rated merged pull requests.");
        let criteria = Criteria::QualityRating { average, over };
        seed((slug, name, &words), criteria, rarity)
    });
    let streaks = [
        (3, "streak-3", "Three months running", Common),
        (6, "streak-6", "Half a year running", Rare),
        (12, "streak-12", "A year running", Epic),
        (24, "streak-24", "Two years running", Legendary),
    ];
    let streaks = streaks.map(|(months, slug, name, rarity)| {
        let words = format!("A merged pull request in each of {months} consecutive months.");
        seed((slug, name, &words), Criteria::Streak { months }, rarity)
    });
    let share = Share { percent: 30, minimum: 10 };
    let champion = seed(
        (
            "project-champion",
            "Project champion",
            "Thirty percent of a project's merged pull requests.",
        ),
        Criteria::ProjectChampion(share),
        Epic,
    );
    let all = [first].into_iter().chain(merged).chain(rated).chain(streaks);
    all.chain([champion]).collect()
}

/// Returns a badge of a programme.
fn first_badge(badge: &FirstBadge) -> NewBadgeRow {
    let criteria = Criteria::Metric { metric: badge.metric.to_owned(), at_least: 1 };
    let texts = (badge.slug, badge.name, badge.description);
    seed(texts, criteria, badge.rarity)
}

fn seed(
    (slug, name, description): (&str, &str, &str),
    criteria: Criteria,
    rarity: Rarity,
) -> NewBadgeRow {
    NewBadgeRow {
        texts: BadgeTexts {
            slug: slug.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
        },
        criteria,
        rarity,
        is_seeded: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_badges_are_valid() {
        let seeds = seeds();
        assert_eq!(seeds.len(), 13);
        for seed in &seeds {
            assert_eq!(seed.texts.checked().as_ref(), Ok(&seed.texts));
            let stored = Criteria::stored(&seed.criteria.document().to_string());
            assert_eq!(stored.as_ref(), Ok(&seed.criteria));
        }
    }
}
