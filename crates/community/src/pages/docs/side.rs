use platform::web::PROBLEMS_PAGE;
use ui::{
    SideList,
    format::Number,
    side::{SideAnchor, SideEntry, SideWithin},
};

use super::operation::Operation;

/// Returns the side list of the API's pages, on the one of a tag with its operations.
pub(super) fn side(tags: &[(String, String)], current: &str, operations: &[Operation]) -> SideList {
    let count = Number(i64::try_from(operations.len()).unwrap_or(i64::MAX));
    let within = SideWithin {
        name: count.of("operation", "operations"),
        anchors: operations.iter().map(anchor).collect(),
    };
    let within = Some(within).filter(|within| !within.anchors.is_empty());
    let mut list = SideList { name: "API".to_owned(), within, ..SideList::default() };
    let mut add = |label: &str, address: String, is_current| {
        list.add("", SideEntry { label: label.to_owned(), address, is_current, count: 0 });
    };
    for (id, name) in tags {
        add(name, format!("/docs/api/{id}"), id == current);
    }
    add("Problem codes", PROBLEMS_PAGE.to_owned(), false);
    list
}

fn anchor(operation: &Operation) -> SideAnchor {
    SideAnchor {
        id: operation.id.clone(),
        label: operation.name.clone(),
        mark: operation.method.clone(),
    }
}
