mod excluded;
mod explanations;
mod frequency;
mod labels;
mod leaderboards;
mod months;
mod projects;
