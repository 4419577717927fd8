//! Text by anyone never causes a panic: dates, codes, questions, skills, limits, and the paths and addresses of repositories.

use chrono_tz::Tz;
use kernel::Timestamp;
use platform::{
    config::{CodeApi, CodeSite},
    crypto::SecretKey,
};
use testkit::growth::{SHAPES, linear, linear_of};

use super::{
    applications::{ApplicationAnswer, ApplicationDetails, ApplicationInput},
    calendar_token::{read_feed_token, read_token},
    checks::{Author, Commit, File, Member, compared_blobs, is_by_member},
    details::{lines_of_questions, questions_of_lines, tags_of_field},
    expo,
    instants::{for_field, instant},
    judging::assignment::{PastWithProject, ProjectCandidate, next_project},
    prizes::{self, PrizeDetails, PrizeInput},
    reminders,
    repository_address::{CodeSites, RepositoryAddress, page},
    rewards::{MOST, RewardDetails, RewardInput},
    surveys::{AnswerInput, SurveyQuestion, answers_of_fields, read_answers, read_questions},
    tasks::{TaskDetails, TaskInput},
    teams::{read_code, shown_code},
    venue,
};

/// Accepted text is stored and shown, and must be accepted again in the form in which pages show it.
#[test]
fn dates_codes_and_lists() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for zone in [Tz::UTC, Tz::Europe__Lisbon, Tz::Pacific__Apia] {
            if let Ok(at) = instant("at", &text, zone) {
                let again = instant("at", &for_field(at, zone), zone).expect("a date");
                assert!((at - again).num_minutes() <= 120, "{text}");
                assert_eq!(instant("at", &at.to_rfc3339(), zone), Ok(at));
            }
        }
        let task = TaskInput {
            title: Some("Draw".to_owned()),
            due_on: Some(text.clone().into_owned()),
            ..TaskInput::default()
        };
        if let Ok(task) = TaskDetails::read(None, &task, &[]) {
            let day = task.due_on.map(|day| day.to_string()).unwrap_or_default();
            assert!(day.is_empty() || day.len() == 10, "{day}");
        }
        let key = SecretKey::from_hex(&"a".repeat(64).into(), "a test").expect("a key");
        assert_eq!(read_token(&key, &text), None);
        assert_eq!(read_feed_token(&key, &text), None);
        if let Ok(code) = read_code(&text) {
            assert_eq!(read_code(&shown_code(&code)), Ok(code));
        }
        let questions = questions_of_lines(&text);
        let again = questions_of_lines(&lines_of_questions(&questions));
        assert!(again.len() <= questions.len());
        let _ = tags_of_field(&text);
        let prize = PrizeInput {
            name: Some("Harbor prize".to_owned()),
            count: Some(text.clone().into_owned()),
            ..PrizeInput::default()
        };
        if let Ok(prize) = PrizeDetails::read(&prize, None, 0, &[]) {
            assert!((1..=prizes::MOST).contains(&prize.count));
        }
        if let Ok(networks) = venue::networks(&[text.clone().into_owned()]) {
            assert_eq!(venue::networks(&networks), Ok(networks));
        }
        if let Ok(place) = expo::place(&text) {
            assert_eq!(expo::place(&place), Ok(place));
        }
        if let Ok(claim) = prizes::read_claim(&text) {
            assert_eq!(prizes::read_claim(&claim), Ok(claim));
        }
        let input = ApplicationInput {
            motivation: text.clone().into_owned(),
            skills: text.clone().into_owned(),
            answers: vec![ApplicationAnswer {
                question: questions.first().map(|it| it.text.clone()).unwrap_or_default(),
                answer: text.into_owned(),
            }],
            conduct_version: 1,
            is_looking_for_team: false,
        };
        if let Ok(read) = ApplicationDetails::read(&input, &questions[..questions.len().min(1)], 1)
        {
            assert!(read.skills.len() <= 15);
        }
    }));
}

/// Accepted questions are accepted again, and so are answers that name their options.
#[test]
fn surveys() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let fields = text.split('&').filter_map(|field| field.split_once('='));
        let fields: Vec<_> =
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let read = answers_of_fields(&fields);
        assert!(read.iter().all(|it| (1..=15).contains(&it.question)), "{text}");
        let options: Vec<String> = text.lines().map(str::to_owned).collect();
        for (kind, options) in [("text", Vec::new()), ("several", options)] {
            let question = SurveyQuestion {
                text: text.lines().next().unwrap_or_default().to_owned(),
                kind: kind.to_owned(),
                options,
                is_required: false,
            };
            let Ok(questions) = read_questions(&[question]) else {
                continue;
            };
            let again = questions.iter().map(|it| SurveyQuestion {
                text: it.text.clone(),
                kind: it.kind.as_str().to_owned(),
                options: it.options.clone(),
                is_required: it.is_required,
            });
            assert_eq!(read_questions(&again.collect::<Vec<_>>()), Ok(questions.clone()));
            let answer = AnswerInput {
                question: 1,
                scale: None,
                options: questions[0].options.clone(),
                text: text.clone().into_owned(),
            };
            if let Ok(answers) = read_answers(&questions, &[answer]) {
                assert_eq!(answers.len(), 1, "{text}");
            }
        }
    }));
}

/// Accepted reminders are read again as they are shown, accepted numbers are in their range, and the order of tables is total.
#[test]
fn reminders_limits_and_tables() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(minutes) = reminders::read(&text) {
            assert!(minutes.len() <= 6, "{text}");
            let mut each = minutes.iter();
            assert!(each.all(|it| (1..=reminders::EARLIEST).contains(it)), "{text}");
            assert_eq!(reminders::read(&reminders::shown(&minutes)), Ok(minutes));
        }
        let typed = || Some(text.clone().into_owned());
        let input = RewardInput {
            name: Some("Mug".to_owned()),
            cost: typed(),
            low_stock: typed(),
            person_limit: typed(),
            ..RewardInput::default()
        };
        if let Ok(reward) = RewardDetails::read(&input, None) {
            assert!((1..=MOST).contains(&reward.cost), "{text}");
            assert_eq!(reward.low_stock, Some(reward.cost));
            assert_eq!(reward.person_limit, Some(reward.cost));
        }
        let at_table = |project: u32, table: &str| ProjectCandidate {
            project,
            table: table.to_owned(),
            judged: 0,
            open: 0,
            is_occupied: false,
            past: PastWithProject::New,
        };
        let mut candidates = [at_table(1, &text), at_table(2, "Table 2")];
        let next = next_project(&candidates, None);
        candidates.reverse();
        assert_eq!(next_project(&candidates, None), next);
        assert!(next.is_ok(), "{text}");
    }));
}

/// Files of libraries are never compared, and only GitHub's private addresses contain the ID of a member.
#[test]
fn paths_and_addresses_of_commits() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let compared = |path: String| {
            let file = File { path, blob_sha: "a".repeat(40), size: 900 };
            compared_blobs(&[file]).len()
        };
        assert!(compared(text.clone().into_owned()) <= 1);
        assert_eq!(compared(format!("vendor/{text}")), 0);

        let member = Member { github_id: Some(7), emails: Vec::new() };
        let is_by_seven = |email: String| {
            let author = Author { email, ..Author::default() };
            let commit = Commit {
                sha: "a".repeat(40),
                parents: Vec::new(),
                author,
                co_authors: Vec::new(),
                authored_at: Timestamp::default(),
                committed_at: Timestamp::default(),
            };
            is_by_member(&commit, std::slice::from_ref(&member))
        };
        let private = "@users.noreply.github.com";
        assert!(is_by_seven(format!("7+{text}{private}")));
        assert!(!is_by_seven(format!("8+{text}{private}")));
        assert!(text.ends_with(private) || !is_by_seven(text.into_owned()));
    }));
}

/// An accepted repository is at an allowed host, and is accepted again in the form in which it is stored.
#[test]
fn addresses_of_repositories() {
    let site = |api, address: &str| CodeSite { api, address: address.to_owned() };
    let sites = [
        site(CodeApi::Gitlab, "https://gitlab.com"),
        site(CodeApi::Gitea, "https://codeberg.org"),
        site(CodeApi::Bitbucket, "https://bitbucket.org"),
    ];
    let hosts: Vec<String> = std::iter::once("https://github.com/".to_owned())
        .chain(sites.iter().map(|site| format!("{}/", site.address)))
        .collect();
    let sites = CodeSites::from(&sites[..]);
    let target = |(which, bytes): &(usize, Vec<u8>)| {
        let text = String::from_utf8_lossy(bytes);
        let start = hosts.get(which % (hosts.len() + 1));
        let typed = format!("{}{text}", start.map_or("", String::as_str));
        if let Ok(read) = RepositoryAddress::read(&typed, &sites) {
            let page = page(&read.stored);
            assert!(hosts.iter().any(|host| page.starts_with(host)), "{page}");
            let again = RepositoryAddress::read(&read.stored, &sites).expect("accepted");
            assert_eq!(again.stored, read.stored);
        }
    };
    let make = |text: &str| (0, text.as_bytes().to_vec());
    let target = linear_of(&SHAPES, make, target);
    bolero::check!().with_type::<(usize, Vec<u8>)>().for_each(target);
}
