//! The end of a school year: the archived roster keeps its competitors and figures, and they are enrolled in the next one.

use chrono::TimeDelta;
use ctf::{
    actions::{
        NewYear, accept_join_link, add_team_member, archive_roster, confirm_competitor,
        create_join_link, create_roster, create_team, edit_competitor, edit_roster,
        erase_competitor, move_competitor, remove_competitor, remove_roster_coach, reopen_roster,
        send_profile_link, start_school_year,
    },
    model::{CompetitorId, RosterId, RosterRole},
    reads,
    rules::{profile::ProfileInput, rosters::RosterInput, teams::TeamInput},
};
use platform::audit::Actor::Operator;

use super::{coaches::code, figures::Solve, privacy_scene::adult, scene::owls};
use crate::app::TestApp;

/// The pages and files of a roster that its archived year keeps.
pub(super) const KEPT: [&str; 4] = [
    "/dashboard.csv?days=90&sort=points",
    "/dashboard.csv?from=2026-08-01&to=2026-11-01",
    "/competitors.csv",
    "/teams",
];

impl TestApp {
    /// Returns what a coach reads of a roster.
    pub(super) async fn roster_texts(&self, coach: &str, roster: RosterId) -> Vec<String> {
        let browser = self.browser_of(coach).await;
        let mut texts = Vec::new();
        for part in KEPT {
            let page = browser.get(&format!("/ctf/rosters/{roster}{part}")).await;
            assert_eq!(page.status, 200, "{part}: {}", page.text);
            let text = match page.text.split_once("<main") {
                Some((_, main)) => main.to_owned(),
                None => page.text,
            };
            texts.push(text);
        }
        texts
    }

    /// Ends the school year of a roster; returns the next roster.
    pub(super) async fn next_year(
        &self,
        roster: RosterId,
        year: &str,
        competitors: &[CompetitorId],
    ) -> RosterId {
        let new = NewYear {
            name: "Owls".to_owned(),
            school_year: year.to_owned(),
            competitors: competitors.to_vec(),
        };
        let started = start_school_year(self.context(), Operator, roster, &new).await;
        started.expect("started").roster
    }

    /// Adds a competitor of a grade to a roster.
    pub(super) async fn graded(&self, roster: RosterId, first: &str, grade: &str) -> CompetitorId {
        let input = ProfileInput {
            first_name: first.to_owned(),
            email_school: format!("{first}@harbor.example").to_lowercase(),
            grade: grade.to_owned(),
            ..adult()
        };
        self.added(roster, &input).await
    }
}

fn year(first: &str) -> RosterInput {
    RosterInput { school_year: first.to_owned(), ..owls() }
}

/// A roster of `coach` with two competitors who solved something, one of them in a team.
async fn scene(app: &TestApp) -> (RosterId, [CompetitorId; 2]) {
    let (_, roster) = app.roster("coach").await;
    let ada = app.graded(roster, "Ada", "10").await;
    let ben = app.graded(roster, "Ben", "11").await;
    app.on_platform(ada, (2, 300)).await;
    app.solved(ada, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    app.solved(ada, Solve::new("Half a Packet", "networking", 100, 20).flash()).await;
    app.took_part(ada, "October Flash", 250, 20).await;
    let input = TeamInput {
        name: "Terns".to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    };
    let team = create_team(app.context(), Operator, roster, &input).await.expect("a team");
    add_team_member(app.context(), Operator, team, ada).await.expect("a member");
    (roster, [ada, ben])
}

#[tokio::test]
async fn an_archived_year_keeps_its_people_figures_and_files() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let dashboard = app.roster_texts("coach", roster).await;
    let next = app.next_year(roster, "2027/28", &[ada, ben]).await;
    let kept = app.roster_texts("coach", roster).await;
    assert_eq!(kept[..3], dashboard[..3], "the files are those of the last day");
    assert!(kept[0].contains("\"Ada Quillfeather\",\"Terns\",\"10\",300,2,1"), "{}", kept[0]);
    assert!(kept[3].contains("Ada Quillfeather"), "{}", kept[3]);

    // A new year begins: they solve more, what they solved is corrected, and a coach changes their profile.
    app.clock.advance(TimeDelta::days(20));
    app.solved(ada, Solve::new("Cellar Door", "web", 400, 21)).await;
    app.change("UPDATE game_platform_challenge_solves SET points = points + 1")
        .await
        .expect("corrected");
    let renamed = ProfileInput { first_name: "Augusta".to_owned(), ..adult() };
    edit_competitor(app.context(), Operator, ada, &renamed).await.expect("edited");
    remove_competitor(app.context(), Operator, ben).await.expect("left");
    assert_eq!(app.roster_texts("coach", roster).await, kept);
    let browser = app.browser_of("coach").await;
    let page = browser.get(&format!("/ctf/rosters/{roster}")).await.text;
    for part in ["<dt>Points</dt><dd>300</dd>", "Salted Harbor", "October Flash", "Terns"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Cellar Door") && !page.contains("Augusta"), "{page}");
    let home = browser.get("/ctf").await.text;
    assert!(home.contains("<td class=\"n\">2</td>"), "{home}");
    let now = app.roster_texts("coach", next).await;
    assert!(now[0].contains("\"Augusta Quillfeather\",\"\",\"10\",703,3"), "{}", now[0]);
    app.finish().await;
}

#[tokio::test]
async fn grades_advance_and_the_last_grade_leaves() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    let mut people = Vec::new();
    for (first, grade) in [("Ada", "10"), ("Ben", "12"), ("Cleo", "")] {
        people.push(app.graded(roster, first, grade).await);
    }
    let browser = app.browser_of("coach").await;
    let form = browser.get(&format!("/ctf/rosters/{roster}/new-year")).await.text;
    assert!(form.contains("grade 11 next year") && form.contains("graduates"), "{form}");
    let earlier = NewYear {
        name: "Owls".to_owned(),
        school_year: "2025/26".to_owned(),
        competitors: Vec::new(),
    };
    let refused = start_school_year(app.context(), Operator, roster, &earlier).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    let next = app.next_year(roster, "2027/28", &people).await;
    let mut now = Vec::new();
    for id in &people {
        let view = app.view(*id).await;
        now.push((view.roster() == next, view.grade, view.left_at.is_some()));
    }
    assert_eq!(now, [(true, Some(11), false), (false, Some(12), true), (true, None, false)]);
    let kept = app.roster_texts("coach", roster).await.remove(2);
    assert!(
        kept.contains("\"Ben Quillfeather\",\"12\",")
            && kept.contains("\"Ada Quillfeather\",\"10\","),
        "{kept}"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_end_of_a_year_can_be_undone() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let cleo = app.graded(roster, "Cleo", "12").await;
    let next = app.next_year(roster, "2027/28", &[ada]).await;
    app.clock.advance(TimeDelta::days(2));
    let browser = app.browser_of("coach").await;
    let settings = browser.get(&format!("/ctf/rosters/{roster}/settings")).await.text;
    assert!(settings.contains("/reopen"), "{settings}");
    let asked = browser.get(&format!("/ctf/rosters/{roster}/reopen")).await.text;
    assert!(asked.contains("2027/28, which is deleted"), "{asked}");

    let new = app.graded(next, "Dora", "9").await;
    let refused = reopen_roster(app.context(), Operator, roster).await;
    assert_eq!(code(refused), "ROSTER_NOT_REOPENED");
    remove_competitor(app.context(), Operator, new).await.expect("left");
    let reopened = browser.post(&format!("/ctf/rosters/{roster}/reopen"), &[]).await;
    assert_eq!(reopened.location(), format!("/ctf/rosters/{roster}/settings"));

    for (id, grade) in [(ada, 10), (ben, 11), (cleo, 12)] {
        let view = app.view(id).await;
        assert_eq!((view.roster(), view.grade, view.left_at), (roster, Some(grade), None));
    }
    assert!(reads::roster(&app.context().db, next).await.expect("read").is_none());
    let page = browser.get(&format!("/ctf/rosters/{roster}/teams")).await.text;
    assert!(page.contains("Ada Quillfeather"), "{page}");
    assert_eq!(app.count("SELECT count(*) FROM ctf_teams WHERE status = 'forming'").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM ctf_enrollments WHERE kept_at IS NULL").await, 3);
    assert_eq!(app.count("SELECT count(*) FROM ctf_enrollments").await, 3);
    assert_eq!(code(reopen_roster(app.context(), Operator, roster).await), "ROSTER_NOT_REOPENED");
    assert_eq!(app.audited("ctf_roster.reopen").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_year_whose_competitors_moved_on_is_not_reopened() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let next = app.next_year(roster, "2027/28", &[ada, ben]).await;
    let third = app.next_year(next, "2028/29", &[ada]).await;
    let refused = reopen_roster(app.context(), Operator, roster).await;
    assert_eq!(code(refused), "ROSTER_NOT_REOPENED");
    reopen_roster(app.context(), Operator, next).await.expect("reopened");
    assert!(reads::roster(&app.context().db, third).await.expect("read").is_none());
    reopen_roster(app.context(), Operator, roster).await.expect("reopened");
    assert_eq!(app.view(ada).await.grade, Some(10));
    app.finish().await;
}

#[tokio::test]
async fn the_archived_year_grants_nothing_over_the_competitor_now() {
    let app = TestApp::start().await;
    let (roster, [ada, _]) = scene(&app).await;
    app.shared_with(roster, "former", RosterRole::Coach).await;
    let former = app.actor("former").await;
    let post = &app.server.post;
    let link = send_profile_link(app.context(), post, former, ada).await.expect("made").token;
    let next = app.next_year(roster, "2027/28", &[ada]).await;
    let coaches = reads::roster_coaches(&app.context().db, next).await.expect("read");
    let own = coaches.iter().find(|row| row.coach.login == "former").expect("a coach");
    remove_roster_coach(app.context(), Operator, next, own.coach.key()).await.expect("removed");
    let browser = app.browser_of("former").await;
    assert_eq!(browser.get(&format!("/ctf/rosters/{roster}")).await.status, 200);
    assert_eq!(browser.get(&format!("/ctf/competitors/{ada}")).await.status, 404);
    let path = format!("/ctf/competitors/{ada}/profile");
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(browser.get(&format!("/ctf/links/{link}")).await.status, 410);
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_who_stayed_out_comes_back() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let kept = {
        app.next_year(roster, "2027/28", &[]).await;
        app.roster_texts("coach", roster).await
    };
    let coach = app.coach_of("coach").await;
    let later = create_roster(app.context(), &coach, &year("2028/29")).await;
    let later = later.expect("a roster");
    let browser = app.browser_of("coach").await;
    let profile = browser.get(&format!("/ctf/competitors/{ada}/profile")).await.text;
    assert!(profile.contains("Move to another roster"), "{profile}");
    for (id, grade) in [(ada, Some(12)), (ben, None)] {
        move_competitor(app.context(), Operator, id, later).await.expect("moved");
        let view = app.view(id).await;
        assert_eq!((view.roster(), view.grade), (later, grade));
    }
    assert_eq!(app.roster_texts("coach", roster).await, kept);
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_is_on_one_roster_of_a_school_year() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let coach = app.coach_of("coach").await;
    let other = create_roster(app.context(), &coach, &owls()).await;
    let other = other.expect("a roster");
    // Within the year, they move.
    move_competitor(app.context(), Operator, ben, other).await.expect("moved");
    let wren = app.ctf_person("wren-oak").await;
    let own = app.joined(roster, "wren-oak").await;
    confirm_competitor(app.context(), Operator, own).await.expect("confirmed");
    archive_roster(app.context(), Operator, roster).await.expect("archived");
    // Once it is archived, it has had them.
    let refused = move_competitor(app.context(), Operator, ada, other).await;
    assert_eq!(code(refused), "ALREADY_ENROLLED");
    let token = create_join_link(app.context(), Operator, other).await.expect("a link");
    let refused = accept_join_link(app.context(), wren, &token, "Wren", "Oak").await;
    assert_eq!(code(refused), "ALREADY_ENROLLED");
    assert_eq!(app.view(own).await.roster(), roster);
    let later = create_roster(app.context(), &coach, &year("2027/28")).await;
    let later = later.expect("a roster");
    move_competitor(app.context(), Operator, ada, later).await.expect("moved");
    let back = edit_roster(app.context(), Operator, later, &owls()).await;
    assert_eq!(code(back), "BAD_ROSTER");
    app.finish().await;
}

#[tokio::test]
async fn many_moves_at_once_enroll_a_competitor_once() {
    let app = TestApp::start().await;
    let (roster, [ada, _]) = scene(&app).await;
    let coach = app.coach_of("coach").await;
    let mut rosters = vec![roster];
    for _ in 0..3 {
        let new = create_roster(app.context(), &coach, &owls()).await;
        rosters.push(new.expect("a roster"));
    }
    let moves = (0..12).map(|number| {
        let to = rosters[number % rosters.len()];
        move_competitor(app.context(), Operator, ada, to)
    });
    for moved in futures_util::future::join_all(moves).await {
        moved.expect("moved");
    }
    let enrolled = "SELECT count(*) FROM ctf_enrollments n JOIN competitors p ON p.id = n.competitor_id \
                    WHERE p.first_name = 'Ada' AND n.roster_id = p.roster_id";
    assert_eq!(app.count(enrolled).await, 1);
    let twice = "INSERT INTO ctf_enrollments (id, created_at, roster_id, competitor_id, year) \
                 SELECT roster_id, created_at, roster_id, competitor_id, year FROM ctf_enrollments";
    app.change(twice).await.expect_err("the index refuses a second one");
    app.finish().await;
}

#[tokio::test]
async fn erasure_takes_the_name_from_archived_years() {
    let app = TestApp::start().await;
    let (roster, [ada, ben]) = scene(&app).await;
    let next = app.next_year(roster, "2027/28", &[ada, ben]).await;
    app.next_year(next, "2028/29", &[ada, ben]).await;
    let before = app.roster_texts("coach", roster).await;
    erase_competitor(app.context(), Operator, ada).await.expect("erased");
    let after = app.roster_texts("coach", roster).await;
    assert!(before[0].contains("\"Ada Quillfeather\",\"Terns\",\"10\",300,2,1"), "{}", before[0]);
    assert!(after[0].contains("\"Erased competitor\",\"Terns\",\"\",300,2,1"), "{}", after[0]);
    assert!(after[0].contains("Ben Quillfeather"), "{}", after[0]);
    let named = "SELECT count(*) FROM ctf_enrollments WHERE kept LIKE '%\"Ada\"%' OR \
                 (grade IS NOT NULL AND kept LIKE '%\"first_name\":\"\"%')";
    assert_eq!(app.count(named).await, 0);
    app.finish().await;
}
