use reqwest::StatusCode;

use super::{html, page};
use crate::app::TestApp;

#[tokio::test]
async fn guides_are_linked_on_every_page() {
    let app = TestApp::start().await;
    assert!(html(&app, "/").await.contains(r#"href="/guides""#));
    assert!(html(&app, "/guides").await.contains(r#"href="/guides/maintaining""#));
    assert!(html(&app, "/guides/contributing").await.contains("<h1>Contribute to a project</h1>"));
    assert_eq!(page(&app, "/guides/nothing").await.0, StatusCode::NOT_FOUND);
    app.finish().await;
}

/// Returns the main part of the page of a guide.
async fn main_part(app: &TestApp, guide: &str) -> String {
    let text = html(app, &format!("/guides/{guide}")).await;
    let main = text.split_once("<main").expect("a main part").1;
    main.split_once("</main>").expect("its end").0.to_owned()
}

#[tokio::test]
async fn guides_are_listed_in_groups() {
    let app = TestApp::start().await;
    let list = html(&app, "/guides").await;
    let mut groups: Vec<_> = guildhall::MODULES.guides().map(|guide| guide.group).collect();
    groups.dedup();
    let mut last = 0;
    for group in &groups {
        let heading = format!(">{group}</h2>");
        assert_eq!(list.matches(&heading).count(), 1, "{group}");
        let place = list.find(&heading).expect("the heading");
        assert!(place > last, "{group}");
        last = place;
    }
    app.finish().await;
}

#[tokio::test]
async fn the_contents_of_a_guide_lead_to_its_sections() {
    let app = TestApp::start().await;
    for guide in guildhall::MODULES.guides() {
        let heading = guide.markdown.lines().next().unwrap_or_default();
        assert_eq!(heading, format!("# {}", guide.title), "{}", guide.name);
        let main = main_part(&app, guide.name).await;
        let sections = guide.markdown.lines().filter(|line| line.starts_with("## ")).count();
        let lists = main.split("<nav class=\"toc").skip(1);
        let listed: Vec<_> = lists
            .map(|list| list.split("</nav>").next().unwrap_or_default().matches("<li>").count())
            .collect();
        assert_eq!(listed, [sections, sections], "{}", guide.name);
        for rest in main.split("href=\"#").skip(1) {
            let id = rest.split('"').next().unwrap_or_default();
            let place = format!("id=\"{id}\"");
            assert_eq!(main.matches(&place).count(), 1, "{}: {id}", guide.name);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn links_of_guides_lead_to_pages() {
    let app = TestApp::start().await;
    for guide in guildhall::MODULES.guides().map(|guide| guide.name) {
        let main = main_part(&app, guide).await;
        for rest in main.split("href=\"/").skip(1) {
            let link = rest.split(['"', '#']).next().unwrap_or_default();
            let response = app.get(&format!("/{link}")).send().await;
            let status = response.expect("an answer").status();
            assert_ne!(status, StatusCode::NOT_FOUND, "{guide}: /{link}");
        }
    }
    app.finish().await;
}

#[test]
fn each_guide_begins_with_a_walk_whose_steps_have_titles() {
    for guide in guildhall::MODULES.guides() {
        let (_, walk) = guide.markdown.split_once("\n1. ").expect(guide.name);
        let walk = format!("1. {}", walk.split("\n## ").next().unwrap_or_default());
        let step = |line: &str| {
            let (number, step) = line.split_once(". ")?;
            number.parse::<u8>().ok().map(|_| step.to_owned())
        };
        let steps: Vec<_> = walk.lines().filter_map(step).collect();
        assert!(steps.len() > 2, "{}: {steps:?}", guide.name);
        for step in steps {
            assert!(step.starts_with("**") && step.ends_with("**\\"), "{}: {step}", guide.name);
        }
    }
}

#[tokio::test]
async fn a_guide_leads_to_those_before_and_after_it() {
    let app = TestApp::start().await;
    let names: Vec<_> = guildhall::MODULES.guides().map(|guide| guide.name).collect();
    for pair in names.windows(2) {
        let [one, next] = pair else { continue };
        let main = main_part(&app, one).await;
        assert!(main.contains(&format!(r#"rel="next" href="/guides/{next}""#)), "{one}");
        let main = main_part(&app, next).await;
        assert!(main.contains(&format!(r#"rel="prev" href="/guides/{one}""#)), "{next}");
    }
    app.finish().await;
}
