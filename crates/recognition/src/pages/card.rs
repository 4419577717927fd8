//! A card with a person's points and rank, as an SVG image for READMEs.

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use identity::reads::find_person;
use kernel::Problem;
use platform::Context;
use ui::{
    Address, PageError,
    format::{Number, top},
    html,
};

use crate::{model::GLOBAL, reads};

/// The policy of the image: it loads nothing, and its own styles choose the colors.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// The number of characters of a login or of the community's name that fit on the card.
const FITS: usize = 28;

#[derive(Template)]
#[template(path = "card.svg")]
struct Card {
    login: String,
    community: String,
    points: String,
    rank: String,
}

/// `GET /people/{login}/card.svg`. People who are on no leaderboard have no card.
pub(super) async fn card(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = find_person(&context.db, &login).await?;
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
            |rank| format!("Rank {}, {}", Number(rank.rank), top(rank.percentile)),
        ),
    };
    let image = html(&card)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((headers, image).into_response())
}

/// Shortens a text that does not fit.
fn short(text: &str) -> String {
    match text.chars().count() > FITS {
        true => text.chars().take(FITS - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_escapes_its_texts() {
        let card = Card {
            login: "a<b>&\"c".to_owned(),
            community: short(&"x".repeat(40)),
            points: "1 point".to_owned(),
            rank: String::new(),
        };
        let image = card.render().expect("an image");
        assert!(
            !image.contains("a<b>") && image.contains("&#60;b&#62;"),
            "{image}"
        );
        assert_eq!(card.community.chars().count(), FITS);
    }
}
