// Reads our Statuspage v2 API with the npm client `statuspage.io`, unmodified, and checks that the results have the
// fields, types and values that the client's TypeScript declarations promise.
//
//     node clients/statuspage_io.mjs BASE
//
// The client's calls for all and for active maintenances request the upcoming ones instead, so this program does not
// read those two documents.

import assert from "node:assert/strict";
import statuspage from "statuspage.io";

const { Statuspage, IncidentImpact, IncidentStatus, MaintenanceStatus } = statuspage;

const client = new Statuspage("unused");
client.setApiUrl(process.argv[2]);
const { api } = client;

const PAGE = { id: "string", name: "string", time_zone: "string", updated_at: "string", url: "string" };
const COMPONENT = {
  created_at: "string", description: "string?", group: "boolean", group_id: "string?", id: "string", name: "string",
  only_show_if_degraded: "boolean", page_id: "string", position: "number", showcase: "boolean",
  start_date: "string?", status: "string", updated_at: "string",
};
const UPDATE = {
  body: "string", created_at: "string", display_at: "string", id: "string", incident_id: "string", status: "string",
  updated_at: "string",
};
const INCIDENT = {
  created_at: "string", id: "string", impact: "string", incident_updates: "object", monitoring_at: "string?",
  name: "string", page_id: "string", resolved_at: "string?", shortlink: "string", status: "string",
  updated_at: "string",
};
const MAINTENANCE = { ...INCIDENT, scheduled_for: "string", scheduled_until: "string" };

function typed(value, type, where) {
  for (const [field, wanted] of Object.entries(type)) {
    const found = value[field] === null ? "null" : typeof value[field];
    const fits = found === wanted.replace("?", "") || (wanted.endsWith("?") && found === "null");
    assert(fits, `${where}.${field} is ${found}, not ${wanted}`);
  }
}

function oneOf(values, value, where) {
  assert(Object.values(values).includes(value), `${where} is ${value}`);
}

function event(value, type, statuses, where) {
  typed(value, type, where);
  oneOf(statuses, value.status, `${where}.status`);
  assert(value.incident_updates.length > 0, `${where} has no update`);
  for (const update of value.incident_updates) {
    typed(update, UPDATE, `${where}.incident_updates`);
    oneOf(statuses, update.status, `${where}.incident_updates.status`);
    assert.equal(update.incident_id, value.id);
  }
  return {
    id: value.id, name: value.name, status: value.status, impact: value.impact,
    updates: value.incident_updates.length,
  };
}

function incidents(body, where) {
  return body.incidents.map((incident) => {
    oneOf(IncidentImpact, incident.impact, `${where}.impact`);
    return event(incident, INCIDENT, IncidentStatus, where);
  });
}

function maintenances(body, where) {
  return body.scheduled_maintenances.map((maintenance) => ({
    ...event(maintenance, MAINTENANCE, MaintenanceStatus, where),
    from: maintenance.scheduled_for,
    until: maintenance.scheduled_until,
  }));
}

function components(body, where) {
  return body.components.map((component) => {
    typed(component, COMPONENT, where);
    return { id: component.id, name: component.name, status: component.status };
  });
}

const [summary, status, listed, all, unresolved, upcoming] = await Promise.all([
  api.getSummary(),
  api.getStatus(),
  api.getComponents(),
  api.incidents.getAll(),
  api.incidents.getUnresolved(),
  api.scheduledMaintenances.getUpcoming(),
]);
for (const body of [summary, status, listed, all, unresolved, upcoming]) typed(body.page, PAGE, "page");
for (const body of [summary, status]) typed(body.status, { indicator: "string", description: "string" }, "status");
assert.deepEqual(summary.status, status.status);

console.log(JSON.stringify({
  page: summary.page.name,
  indicator: status.status.indicator,
  description: status.status.description,
  components: components(listed, "components.json"),
  incidents: incidents(all, "incidents.json"),
  unresolved: incidents(unresolved, "unresolved.json"),
  upcoming: maintenances(upcoming, "upcoming.json"),
  summary: {
    components: components(summary, "summary.json").length,
    incidents: incidents(summary, "summary.json").map((incident) => incident.id),
    maintenances: maintenances(summary, "summary.json").map((maintenance) => maintenance.id),
  },
}));
