mod excluded;
mod frequency;
mod labels;
mod months;
mod projects;
