// Reads one .ics on stdin with ical.js and prints what it understood as JSON: a second opinion beside icalendar's own.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const entries = calendar.getAllSubcomponents("vevent").map((entry) => {
  const event = new ICAL.Event(entry);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    location: event.location,
    status: entry.getFirstPropertyValue("status"),
    class: entry.getFirstPropertyValue("class"),
    transp: entry.getFirstPropertyValue("transp"),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    stamp: entry.getFirstPropertyValue("dtstamp").toString(),
    organizer: event.organizer,
    organizerName: entry.getFirstProperty("organizer").getParameter("cn"),
    attendees: event.attendees.map((one) => [one.getFirstValue(), one.getParameter("partstat")]),
    alarms: entry.getAllSubcomponents("valarm").length,
  };
});
console.log(
  JSON.stringify({
    method: calendar.getFirstPropertyValue("method"),
    zones: calendar.getAllSubcomponents("vtimezone").length,
    entries,
  }),
);
