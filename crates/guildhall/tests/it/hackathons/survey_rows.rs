//! Rows of the permission matrix for surveys.

use hackathons::{
    actions::{answer_survey, open_surveys, set_survey},
    model::SurveyAudience,
    rules::surveys::{AnswerInput, GivenQuestion},
};
use identity::model::UserId;
use platform::audit::Actor::{Operator, Person};

use super::app::{ORGANIZER, private};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const QUESTIONS: Form = &[("text_1", "How was it?"), ("kind_1", "scale")];
const ANSWERS: Form = &[("revision", "1"), ("scale_1", "5")];
const API_QUESTIONS: Form = &[("questions", "[]")];
const API_ANSWERS: Form = &[("revision", "1"), ("answers", "[]")];

const SURVEY: &str = "/hackathons/{slug}/surveys/{audience}";
const API_SURVEY: &str = "/api/v1/hackathons/{slug}/surveys/{audience}";
const OWN: &str = "/hackathons/{slug}/survey";
const API_OWN: &str = "/api/v1/me/hackathons/{slug}/survey";

/// The rows. `hush` is private, and no one is invited to its surveys.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("POST", SURVEY, "/hackathons/hush/surveys/judges", QUESTIONS, Hidden(ORGANIZER, 303)),
    ("GET", SURVEY, "/hackathons/hush/surveys/judges", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/surveys/{audience}/results", "/hackathons/hush/surveys/judges/results", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/surveys/{audience}/results.csv", "/hackathons/hush/surveys/judges/results.csv", NONE, Hidden(ORGANIZER, 200)),
    ("GET", OWN, "/hackathons/hush/survey", NONE, Hidden(ORGANIZER, 403)),
    ("POST", OWN, "/hackathons/hush/survey", ANSWERS, Hidden(ORGANIZER, 403)),
    ("GET", API_SURVEY, "/api/v1/hackathons/hush/surveys/participants", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", API_SURVEY, "/api/v1/hackathons/hush/surveys/participants", API_QUESTIONS, Hidden(ORGANIZER, 200)),
    ("GET", "/api/v1/hackathons/{slug}/surveys/{audience}/results", "/api/v1/hackathons/hush/surveys/participants/results", NONE, Hidden(ORGANIZER, 200)),
    ("GET", API_OWN, "/api/v1/me/hackathons/hush/survey", NONE, Hidden(ORGANIZER, 403)),
    ("PUT", API_OWN, "/api/v1/me/hackathons/hush/survey", API_ANSWERS, Hidden(ORGANIZER, 403)),
];

/// Makes a private hackathon to whose open survey the person is invited.
const INVITED: Make = |app, login| Box::pin(async move { vec![invited(app, login).await] });

/// The routes with a person who is invited.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("GET", OWN, INVITED, NONE, 200),
    ("POST", OWN, INVITED, ANSWERS, 303),
    ("GET", API_OWN, INVITED, NONE, 200),
    ("PUT", API_OWN, INVITED, API_ANSWERS, 204),
];

/// A question on a scale, which need not be answered.
pub(super) fn scale(text: &str) -> GivenQuestion {
    GivenQuestion {
        text: text.to_owned(),
        kind: "scale".to_owned(),
        options: Vec::new(),
        is_required: false,
    }
}

async fn invited(app: &TestApp, login: &str) -> String {
    let (context, person) = (app.context(), app.hacker(login).await);
    let slug = app.hackathon(private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let input = super::scene::application();
    hackathons::actions::apply(context, person, &slug, &code, &input).await.expect("applied");
    let over = format!(
        "UPDATE hackathons SET results_published_at = '2026-10-29T00:00:00.000000Z' WHERE slug = '{slug}'"
    );
    app.change(&over).await.expect("over");
    set_survey(
        context,
        Operator,
        slug.as_str(),
        SurveyAudience::Participants,
        &[scale("How was it?")],
    )
    .await
    .expect("set");
    open_surveys(context).await.expect("opened");
    slug
}

/// Lets the person answer a survey, and ask in another.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let slug = invited(app, login).await;
    let answer = AnswerInput { question: 1, scale: Some(4), ..AnswerInput::default() };
    answer_survey(app.context(), person, &slug, 1, &[answer]).await.expect("answered");
    let slug = super::app::held_by(app, person, private()).await;
    set_survey(
        app.context(),
        Person(person.0),
        slug.as_str(),
        SurveyAudience::Judges,
        &[scale("How was it?")],
    )
    .await
    .expect("set");
}
