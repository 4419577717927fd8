use serde_json::json;

use super::*;

const TEAM: Uuid = Uuid::from_u128(7);

fn wanted(task: u128, name: &str) -> WantedCard {
    let task = Uuid::from_u128(task);
    WantedCard { task, fields: json!({ "name": name, "desc": mark(TEAM, task) }) }
}

fn card(id: &str, wanted: &WantedCard) -> Card {
    Card {
        id: id.to_owned(),
        text: mark(TEAM, wanted.task),
        fields: wanted.fields.clone(),
        is_archived: false,
    }
}

#[test]
fn an_export_that_is_repeated_changes_nothing() {
    let none = BTreeMap::new();
    let tasks = vec![wanted(1, "Draw"), wanted(2, "Paint")];
    let first = plan(TEAM, tasks.clone(), &[], &none);
    assert_eq!(first.changes.len(), 2);
    let cards = [card("a", &tasks[0]), card("b", &tasks[1])];
    // Created without a record: they are found by their link.
    let found = plan(TEAM, tasks.clone(), &cards, &none);
    assert_eq!((found.changes.len(), found.found.len()), (0, 2));
    let recorded: BTreeMap<_, _> = found.found.into_iter().collect();
    let again = plan(TEAM, tasks.clone(), &cards, &recorded);
    assert_eq!(again, ExportPlan::default());
    // A recorded card stays the same when its link was rewritten.
    let mut edited = cards.clone();
    edited[0].text = "Mine".to_owned();
    edited[0].fields["desc"] = "Mine".into();
    let again = plan(TEAM, tasks.clone(), &edited, &recorded);
    let fields = tasks[0].fields.clone();
    assert_eq!(again.changes, [CardChange::Update("a".to_owned(), fields)]);
    let gone = plan(TEAM, tasks[..1].to_vec(), &cards, &none);
    assert_eq!(gone.changes, [CardChange::Archive("b".to_owned())]);
    let mut archived = cards.clone();
    archived[1].is_archived = true;
    let gone = plan(TEAM, tasks[..1].to_vec(), &archived, &recorded);
    assert_eq!(gone.changes, []);
    let other = plan(Uuid::from_u128(8), Vec::new(), &cards, &none);
    assert_eq!(other, ExportPlan::default(), "cards of another team");
}
