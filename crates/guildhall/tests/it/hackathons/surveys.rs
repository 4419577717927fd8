//! Surveys after a hackathon.

use futures_util::future::join_all;
use hackathons::{
    actions::{add_staff, answer_survey, open_surveys, set_survey},
    model::{StaffRole, SurveyAudience},
    reads,
    rules::surveys::{AnswerInput, GivenQuestion},
};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::json;

use super::{
    at_once::patiently,
    scene::{code, november},
    survey_rows::scale,
};
use crate::app::{TestApp, at};

pub(super) const PEOPLE: [&str; 6] = ["ada", "bo", "cy", "dee", "eve", "fay"];

fn questions() -> Vec<GivenQuestion> {
    let mut questions = vec![
        scale("How was it?"),
        GivenQuestion {
            kind: "several".to_owned(),
            options: vec!["Tea".to_owned(), "Coffee".to_owned()],
            ..scale("What did you drink?")
        },
        GivenQuestion { kind: "text".to_owned(), ..scale("What <else>?") },
    ];
    questions[0].is_required = true;
    questions
}

pub(super) fn answers(number: i64, drinks: &[&str], text: &str) -> Vec<AnswerInput> {
    let of = |question| AnswerInput { question, ..AnswerInput::default() };
    vec![
        AnswerInput { scale: Some(number), ..of(1) },
        AnswerInput { options: drinks.iter().map(|it| (*it).to_owned()).collect(), ..of(2) },
        AnswerInput { text: text.to_owned(), ..of(3) },
    ]
}

impl TestApp {
    /// Creates a hackathon with a survey of its participants, whose results were published on 29 November at 18:00. `judge` judges,
    /// and `gone` withdrew. Returns its slug.
    pub(super) async fn surveyed(&self) -> String {
        let everyone = [&PEOPLE[..], &["gone"]].concat();
        let slug = self.building(november(), &everyone).await;
        let gone = self.hacker_id("gone").await;
        hackathons::actions::withdraw(self.context(), gone, &slug).await.expect("withdrawn");
        self.hacker("judge").await;
        add_staff(self.context(), Operator, &slug, "judge", StaffRole::Judge)
            .await
            .expect("a judge");
        self.asks_people(&slug, SurveyAudience::Participants, &questions()).await.expect("set");
        self.prize_giving(&slug).await;
        slug
    }

    async fn asks_people(
        &self,
        slug: &str,
        audience: SurveyAudience,
        questions: &[GivenQuestion],
    ) -> Result<(), ActionError> {
        set_survey(self.context(), Operator, slug, audience, questions).await.map(drop)
    }

    pub(super) async fn answers(
        &self,
        slug: &str,
        login: &str,
        inputs: &[AnswerInput],
    ) -> Result<(), ActionError> {
        let person = self.hacker_id(login).await;
        answer_survey(self.context(), person, slug, 1, inputs).await
    }

    /// Returns the number of a person's notifications about a survey.
    async fn survey_news(&self, login: &str) -> usize {
        let titles = self.inbox(&self.browser_of(login).await).await;
        titles.iter().filter(|it| it.contains("How was")).count()
    }
}

#[tokio::test]
async fn people_are_invited_once_a_day_after_the_results() {
    let app = TestApp::start().await;
    let slug = app.surveyed().await;
    app.asks_people(&slug, SurveyAudience::Judges, &[scale("How was judging?")])
        .await
        .expect("set");
    app.clock.set(at("2026-11-30T17:59:59Z"));
    assert_eq!(app.run_schedule("HackathonSurveys").await, "0 surveys");
    app.clock.set(at("2026-11-30T18:00:00Z"));
    assert_eq!(app.run_schedule("HackathonSurveys").await, "2 surveys");
    assert_eq!(app.run_schedule("HackathonSurveys").await, "0 surveys");
    for _ in 0..2 {
        app.work().await;
    }
    for login in ["ada", "fay", "judge"] {
        assert_eq!(app.survey_news(login).await, 1, "{login}");
    }
    for login in ["gone", "organizer"] {
        assert_eq!(app.survey_news(login).await, 0, "{login}");
    }
    let judge = app.browser_of("judge").await;
    let page = judge.get(&format!("/hackathons/{slug}/survey")).await.text;
    assert!(page.contains("How was judging?"), "{page}");
    let gone = app.browser_of("gone").await;
    let refused = gone.get(&format!("/api/v1/me/hackathons/{slug}/survey")).await;
    refused.refuses(403, "NOT_INVITED_TO_SURVEY", "24 hours after its results");
    app.abandon().await;
}

#[tokio::test]
async fn a_person_answers_once_and_changes_that_until_the_survey_closes() {
    let app = TestApp::start().await;
    let slug = app.surveyed().await;
    let early = app.answers(&slug, "ada", &answers(5, &[], "")).await;
    assert_eq!(code(early), "NOT_INVITED_TO_SURVEY");
    app.clock.set(at("2026-11-30T18:00:00Z"));
    open_surveys(app.context()).await.expect("opened");
    let ada = app.browser_of("ada").await;
    let address = format!("/hackathons/{slug}/survey");
    let event = ada.get(&format!("/hackathons/{slug}")).await.text;
    assert!(event.contains("Answer the survey"), "{event}");
    let page = ada.get(&address).await.text;
    assert!(page.contains("What &#60;else&#62;?") && page.contains("Send answers"));
    let missing = ada.post(&address, &[("revision", "1")]).await;
    missing.refuses_form(422, None, "question 1 is missing");
    let sent = [
        ("revision", "1"),
        ("scale_1", "4"),
        ("option_2", "Tea"),
        ("option_2", "Coffee"),
        ("text_3", "More <tides>."),
    ];
    let answered = ada.post(&address, &sent).await;
    assert_eq!(answered.location(), address, "{}", answered.text);
    let page = ada.get(&address).await.text;
    assert!(page.contains("More &#60;tides&#62;.") && page.contains("Change answers"));
    assert_eq!(page.matches(" checked").count(), 3, "{page}");
    let path = format!("/api/v1/me{address}");
    let own = ada.json(&path).await;
    let drinks = json!({ "question": 2, "scale": null, "options": ["Tea", "Coffee"], "text": "" });
    assert_eq!(own["answers"][1], drinks);
    let change = json!({ "revision": 1, "answers": [{ "question": 1, "scale": 2 }] });
    let changed = ada.call("PUT", &path, Some(&change)).await;
    assert_eq!(changed.status, 204, "{}", changed.text);
    let stored = "SELECT count(*) FROM survey_answers";
    assert_eq!(app.count(stored).await, 1);
    let own = ada.json(&path).await;
    assert_eq!(own["answers"].as_array().map(Vec::len), Some(1), "{own}");
    for (body, status, refusal) in [
        (json!({ "revision": 2, "answers": [] }), 409, "SURVEY_OUTDATED"),
        (json!({ "revision": 1, "answers": [] }), 422, "BAD_HACKATHON"),
    ] {
        let refused = ada.call("PUT", &path, Some(&body)).await;
        refused.refuses(status, refusal, "");
    }
    let locked = app.asks_people(&slug, SurveyAudience::Participants, &questions()[..1]).await;
    assert_eq!(code(locked), "SURVEY_LOCKED");
    app.clock.set(at("2026-12-14T18:00:00Z"));
    let late = app.answers(&slug, "ada", &answers(1, &[], "")).await;
    assert_eq!(code(late), "SURVEY_CLOSED");
    let page = ada.get(&address).await.text;
    assert!(page.contains("The survey is closed"), "{page}");
    let late = app.asks_people(&slug, SurveyAudience::Judges, &questions()).await;
    assert_eq!(code(late), "SURVEY_CLOSED");
    app.abandon().await;
}

#[tokio::test]
async fn organizers_see_results_of_a_closed_survey_from_five_answers_on_and_never_names() {
    let app = TestApp::start().await;
    let slug = app.surveyed().await;
    app.clock.set(at("2026-11-30T18:00:00Z"));
    open_surveys(app.context()).await.expect("opened");
    let organizer = app.browser_of("organizer").await;
    let page = format!("/hackathons/{slug}/surveys/participants/results");
    let api = format!("/api/v1{page}");
    for (login, number) in PEOPLE.into_iter().zip(1..).take(4) {
        let text = format!("Words {number}");
        app.answers(&slug, login, &answers(number, &["Tea"], &text)).await.expect("answered");
    }
    let hides_all = async || {
        let held = organizer.json(&api).await;
        assert_eq!(held["answers_needed"], 5);
        for item in held["items"].as_array().expect("questions") {
            for part in ["answers", "mean", "counts", "texts"] {
                assert!(item[part].is_null(), "{item}");
            }
        }
        let says = "hown once the survey is closed, from 5 answers on";
        let shown = organizer.get(&page).await.text;
        assert_eq!(shown.matches(&format!("<p>S{says}.</p>")).count(), 3, "{shown}");
        let csv = organizer.get(&format!("{page}.csv")).await.text;
        assert!(!csv.contains("Words") && csv.contains(says), "{csv}");
    };
    hides_all().await;
    app.answers(&slug, "eve", &answers(5, &["Coffee"], "=1+1")).await.expect("answered");
    // What changed with this answer would be that of eve.
    hides_all().await;
    app.clock.set(at("2026-12-14T18:00:00Z"));
    assert_eq!(app.run_schedule("HackathonSurveys").await, "1 survey");
    assert_eq!(app.run_schedule("HackathonSurveys").await, "0 surveys");
    let organizer = app.browser_of("organizer").await;
    let found = organizer.json(&api).await;
    assert_eq!(found["items"][0]["mean"], "3.00");
    assert_eq!(found["items"][0]["counts"][4], json!({ "option": "5", "count": 1 }));
    assert_eq!(found["items"][1]["counts"][0], json!({ "option": "Tea", "count": 4 }));
    assert_eq!(found["items"][2]["texts"][0], "=1+1");
    let shown = organizer.get(&page).await.text;
    assert!(shown.contains("3.00") && shown.contains("Words 2"), "{shown}");
    let csv = organizer.get(&format!("{page}.csv")).await.text;
    assert!(csv.contains("\"How was it?\",\"scale\",\"5\""), "{csv}");
    // No route of organizers names a person beside an answer, and nothing records who answered when.
    let setup = format!("/hackathons/{slug}/surveys/participants");
    for path in [&page, &api, &format!("{page}.csv"), &setup, &format!("/api/v1{setup}")] {
        let text = organizer.get(path).await.text;
        for login in PEOPLE {
            assert!(!text.contains(&format!(">{login}<")), "{path}: {text}");
            assert!(!text.contains(&format!("\"{login}\"")), "{path}: {text}");
        }
    }
    let recorded = "SELECT count(*) FROM audit_logs WHERE action LIKE 'survey.%'";
    assert_eq!(app.count(recorded).await, 1, "only that the questions were set");
    app.abandon().await;
}

#[tokio::test]
async fn organizers_write_questions_by_page_until_the_first_answer() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada"]).await;
    let organizer = app.browser_of("organizer").await;
    let address = format!("/hackathons/{slug}/surveys/judges");
    let sent = [
        ("text_1", "Enough time?"),
        ("kind_1", "one"),
        ("options_1", "Yes\r\nNo\r\n"),
        ("required_1", "yes"),
        ("text_3", "Anything else?"),
        ("kind_3", "text"),
    ];
    let saved = organizer.post(&address, &sent).await;
    assert_eq!(saved.location(), address, "{}", saved.text);
    let path = format!("/api/v1{address}");
    let stored = organizer.json(&path).await;
    let expected = json!([
        { "text": "Enough time?", "kind": "one", "options": ["Yes", "No"], "is_required": true },
        { "text": "Anything else?", "kind": "text", "options": [], "is_required": false },
    ]);
    assert_eq!(stored["questions"], expected);
    assert_eq!((&stored["revision"], &stored["state"]), (&json!(1), &json!("waiting")));
    let page = organizer.get(&address).await.text;
    assert!(page.contains("Yes\nNo</textarea>") && page.contains("Question 5"), "{page}");
    let wrong = [("text_1", "Enough time?"), ("kind_1", "one"), ("options_1", "Yes")];
    let refused = organizer.post(&address, &wrong).await;
    refused.refuses_form(422, None, "1 options");
    let unknown = organizer.get(&format!("/api/v1/hackathons/{slug}/surveys/cats")).await;
    unknown.refuses(404, "", "participants");
    let removed = organizer.call("PUT", &path, Some(&json!({ "questions": [] }))).await;
    assert_eq!(removed.status, 200, "{}", removed.text);
    assert_eq!(app.count("SELECT count(*) FROM surveys").await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn answers_are_removed_with_the_person_and_after_180_days() {
    let app = TestApp::start().await;
    let slug = app.surveyed().await;
    app.clock.set(at("2026-11-30T18:00:00Z"));
    open_surveys(app.context()).await.expect("opened");
    for login in ["ada", "bo"] {
        app.answers(&slug, login, &answers(3, &[], "Words")).await.expect("answered");
    }
    let bo = app.hacker_id("bo").await;
    let tx = app.context().begin().await.expect("begun");
    let keys = app.context().keys.as_ref();
    let export = reads::export(&tx, keys, bo).await.expect("an export");
    let words = export["surveys"]["answers"][0]["answers"].to_string();
    assert!(words.contains("Words"), "{export}");
    hackathons::actions::erase(&tx, app.context(), bo).await.expect("erased");
    tx.commit().await.expect("committed");
    let stored = "SELECT count(*) FROM survey_answers";
    assert_eq!(app.count(stored).await, 1);
    app.clock.set(at("2027-05-28T17:59:59Z"));
    app.run_schedule("HackathonRetention").await;
    assert_eq!(app.count(stored).await, 1);
    app.clock.set(at("2027-05-28T18:00:00Z"));
    assert_eq!(app.run_schedule("HackathonRetention").await, "1 hackathon");
    assert_eq!(app.count(stored).await, 0);
    assert_eq!(app.run_schedule("HackathonRetention").await, "0 hackathons");
    app.abandon().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn openings_at_once_invite_each_person_once_and_an_answer_locks_the_questions() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.surveyed().await;
    app.clock.set(at("2026-11-30T18:00:00Z"));
    let opening = (0..8).map(|_| {
        let context = app.context().clone();
        tokio::spawn(async move { open_surveys(&context).await })
    });
    let mut opened = 0;
    for one in join_all(opening).await {
        opened += one.expect("ended").expect("opened");
    }
    assert_eq!(opened, 1);
    let invited = "SELECT count(*) FROM survey_invitations";
    assert_eq!(app.count(invited).await, 6);
    let ada = app.hacker_id("ada").await;
    let inputs = answers(4, &["Tea"], "");
    let answering = (0..8).map(|number| {
        let (context, slug, inputs) = (app.context().clone(), slug.clone(), inputs.clone());
        tokio::spawn(async move {
            match number % 2 {
                0 => patiently(|| answer_survey(&context, ada, &slug, 1, &inputs)).await,
                _ => {
                    let asked = questions();
                    let set = patiently(|| {
                        set_survey(
                            &context,
                            Operator,
                            slug.as_str(),
                            SurveyAudience::Participants,
                            &asked,
                        )
                    })
                    .await;
                    set.map(drop)
                }
            }
        })
    });
    for one in join_all(answering).await {
        if let Err(error) = one.expect("ended") {
            let refusal = code::<()>(Err(error));
            assert!(["SURVEY_LOCKED", "SURVEY_OUTDATED"].contains(&refusal), "{refusal}");
        }
    }
    let revision = app.count("SELECT revision FROM surveys").await;
    let stored = app.count("SELECT count(*) FROM survey_answers").await;
    // An answer is to the first revision, and none came after it.
    assert!(stored == 0 || revision == 1, "{stored} answers of revision {revision}");
    app.abandon().await;
}
