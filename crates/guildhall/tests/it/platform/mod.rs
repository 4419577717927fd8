mod instants;
mod migrate;
mod plans;
mod queue;
mod rows;
mod schedules;
mod schema;
mod wake_ups;
