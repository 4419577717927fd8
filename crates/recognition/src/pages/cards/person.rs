//! A card with a person's points and rank.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::reads::find_public;
use kernel::Problem;
use platform::Context;
use ui::{
    Address, PageError,
    format::{Number, top},
};

use super::{image, short};
use crate::{model::GLOBAL, reads};

#[derive(Template)]
#[template(path = "person_card.svg")]
struct Card {
    login: String,
    community: String,
    points: String,
    rank: String,
}

/// `GET /people/{login}/card.svg`. People who are on no leaderboard have no card.
pub(in crate::pages) async fn card(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = find_public(&context.db, &login).await?;
    let id = person.id.into();
    let hidden = reads::unlisted(&context.db, [id]).await?;
    if !hidden.is_empty() {
        let problem = Problem::not_found(format!("{login} has no card."));
        return Err(problem.into());
    }
    let rank = reads::rank(&context.db, GLOBAL, id).await?;
    let card = Card {
        login: short(&person.login),
        community: short(&ui::frame::community().name),
        points: Number(person.total_points).of("point", "points"),
        rank: rank.map_or_else(
            || "No rank yet".to_owned(),
            |rank| match top(rank.rank, rank.people) {
                top if top.is_empty() => format!("Rank {}", Number(rank.rank)),
                top => format!("Rank {}, {top}", Number(rank.rank)),
            },
        ),
    };
    image(&card)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_escapes_its_texts() {
        let card = Card {
            login: "a<b>&\"c".to_owned(),
            community: "Commons".to_owned(),
            points: "1 point".to_owned(),
            rank: String::new(),
        };
        let image = card.render().expect("an image");
        assert!(!image.contains("a<b>") && image.contains("&#60;b&#62;"), "{image}");
    }
}
