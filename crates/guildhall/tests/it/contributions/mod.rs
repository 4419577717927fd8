mod projects;
