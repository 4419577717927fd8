use std::collections::HashMap;

use async_graphql_parser::{
    Positioned,
    types::{Field, FragmentDefinition, Selection, SelectionSet},
};
use async_graphql_value::{ConstValue, Name, Value as Argument};
use serde_json::{Map, Value, json};

use super::{
    super::{guard::Caller, world::World},
    objects, pages,
};

/// The reason that a query has no result.
pub(super) enum QueryFault {
    Error(Option<&'static str>, String),
    /// It takes too long.
    TooMuch,
}

/// The interfaces that fragments may name instead of a type.
const INTERFACES: [&str; 3] = ["Actor", "Node", "RepositoryOwner"];

pub(super) struct Evaluation<'a> {
    pub(super) world: &'a World,
    pub(super) caller: &'a Caller,
    pub(super) fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    pub(super) variables: Value,
}

type FieldValue = Result<Value, QueryFault>;

impl Evaluation<'_> {
    /// Returns the data, and the errors of parts that are not found, which are null.
    pub(super) fn root(&self, selected: &SelectionSet) -> Result<(Value, Vec<Value>), QueryFault> {
        let mut data = Map::new();
        let mut errors = Vec::new();
        // The least that is asked for is a repository and its description.
        if selected.items.len() as u64 > self.world.switches.largest_page.max(2) {
            return Err(QueryFault::TooMuch);
        }
        for selection in &selected.items {
            let Selection::Field(field) = &selection.node else {
                return Err(unknown("a fragment", "Query"));
            };
            let field = &field.node;
            if !self.is_included(field)? {
                continue;
            }
            let key = field.response_key().node.to_string();
            let value = match self.part(field) {
                Err(QueryFault::Error(Some("NOT_FOUND"), message)) => {
                    errors.push(json!({ "type": "NOT_FOUND", "path": [key], "message": message }));
                    Value::Null
                }
                value => value?,
            };
            data.insert(key, value);
        }
        Ok((Value::Object(data), errors))
    }

    fn part(&self, field: &Field) -> FieldValue {
        match field.name.node.as_str() {
            "repository" => {
                let text = |name| self.text(field, name);
                let (owner, name) = (text("owner")?, text("name")?);
                let place = pages::place(self, &format!("{owner}/{name}"))?;
                let object = objects::place(self.world, &self.world.places[place]);
                self.object(&object, Some(place), &field.selection_set.node)
            }
            "rateLimit" => {
                let rate = objects::rate(self.world);
                self.object(&rate, None, &field.selection_set.node)
            }
            other => Err(unknown(other, "Query")),
        }
    }

    /// Returns the selected fields of an object. `place` is the repository that it is, if it is one.
    pub(super) fn object(
        &self,
        object: &Value,
        place: Option<usize>,
        selected: &SelectionSet,
    ) -> FieldValue {
        let mut fields = Map::new();
        self.add(object, place, selected, &mut fields)?;
        Ok(Value::Object(fields))
    }

    fn add(
        &self,
        object: &Value,
        place: Option<usize>,
        selected: &SelectionSet,
        fields: &mut Map<String, Value>,
    ) -> Result<(), QueryFault> {
        let kind = object["__typename"].as_str().unwrap_or_default();
        let matches = |on: &str| on == kind || INTERFACES.contains(&on);
        for selection in &selected.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    if self.is_included(field)? {
                        let value = self.field(object, place, field)?;
                        fields.insert(field.response_key().node.to_string(), value);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.fragments.get(name);
                    let fragment = &fragment.ok_or_else(|| unknown(name, "Document"))?.node;
                    if matches(fragment.type_condition.node.on.node.as_str()) {
                        self.add(object, place, &fragment.selection_set.node, fields)?;
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    if on.is_none_or(|on| matches(on.node.on.node.as_str())) {
                        self.add(object, place, &inline.node.selection_set.node, fields)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&self, object: &Value, place: Option<usize>, field: &Field) -> FieldValue {
        let (name, selected) = (field.name.node.as_str(), &field.selection_set.node);
        if let Some(place) = place {
            match name {
                "pullRequests" => return pages::pulls(self, place, field),
                "pullRequest" => return pages::pull(self, place, field),
                "issue" => return pages::issue(self, place, field),
                "issues" => return pages::issues(self, place, field),
                _ => {}
            }
        }
        let kind = object["__typename"].as_str().unwrap_or_default();
        let value = object.get(name).ok_or_else(|| unknown(name, kind))?;
        match value {
            Value::Object(value) if value.contains_key(pages::ITEMS) => {
                let mut value = Value::Object(value.clone());
                if self.argument(field, "includeClosedPrs") == Some(Value::Bool(false)) {
                    pages::without_closed(&mut value);
                }
                pages::connection(self, &value, field)
            }
            Value::Object(_) => self.object(value, None, selected),
            Value::Array(values) => {
                let each = values.iter().map(|value| self.object(value, None, selected));
                each.collect()
            }
            _ if selected.items.is_empty() => Ok(value.clone()),
            Value::Null => Ok(Value::Null),
            _ => Err(unknown("a selection", name)),
        }
    }

    /// Evaluates `@include(if:)`.
    fn is_included(&self, field: &Field) -> Result<bool, QueryFault> {
        for directive in &field.directives {
            let condition = directive.node.get_argument("if");
            let condition = condition.and_then(|value| self.constant(&value.node));
            let condition = condition == Some(Value::Bool(true));
            match directive.node.name.node.as_str() {
                "include" if condition => {}
                "include" => return Ok(false),
                other => return Err(unknown(other, "Directive")),
            }
        }
        Ok(true)
    }

    /// Returns an argument with its variables filled in; `None` if it is absent or null.
    pub(super) fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?;
        self.constant(&value.node).filter(|value| !value.is_null())
    }

    fn constant(&self, argument: &Argument) -> Option<Value> {
        let variable = |name: Name| {
            let value = self.variables.get(name.as_str()).cloned();
            ConstValue::from_json(value.unwrap_or_default())
        };
        let constant = argument.clone().into_const_with(variable).ok()?;
        constant.into_json().ok()
    }

    fn text(&self, field: &Field, name: &str) -> Result<String, QueryFault> {
        let value = self.argument(field, name);
        let text = value.as_ref().and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| unknown(name, "Argument"))
    }
}

fn unknown(name: &str, kind: &str) -> QueryFault {
    QueryFault::Error(None, format!("Field '{name}' doesn't exist on type '{kind}'"))
}
