"""URLs of the organization."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.organization.views import billing, circles, equipment, people, sites, tree, units

_patterns = [
    path("", tree.tree, name="tree"),
    path("units/<uuid:unit_id>/", tree.unit, name="unit"),
    path("units/<uuid:unit_id>/new/", units.new_unit, name="new_unit"),
    path("units/<uuid:unit_id>/move/", units.move, name="move"),
    path("units/<uuid:unit_id>/close/", units.close, name="close"),
    path("units/<uuid:unit_id>/legal/", units.legal, name="legal"),
    path("units/<uuid:unit_id>/address/", units.address, name="address"),
    path("units/<uuid:unit_id>/relate/", units.relate, name="relate"),
    path("units/<uuid:unit_id>/things/new/", sites.new_thing, name="new_thing"),
    path("units/<uuid:unit_id>/closed-days/", sites.close_day, name="close_day"),
    path("units/<uuid:unit_id>/billing/new/", billing.new_identity, name="new_identity"),
    path("relations/<uuid:relation_id>/end/", units.end_relation, name="end_relation"),
    path("circles/", circles.circle_list, name="circles"),
    path("circles/new/", circles.new_circle, name="new_circle"),
    path("circles/<uuid:circle_id>/join/", circles.join, name="join_circle"),
    path("circles/members/<uuid:member_id>/end/", circles.leave, name="leave_circle"),
    path("things/<uuid:resource_id>/share/", sites.share, name="share"),
    path("things/<uuid:resource_id>/split/end/", sites.end_split, name="end_split"),
    path("things/<uuid:resource_id>/retire/", sites.retire, name="retire"),
    path("things/<uuid:resource_id>/equip/", equipment.equip, name="equip"),
    path("capabilities/", equipment.capability_list, name="capabilities"),
    path("capabilities/new/", equipment.new_capability, name="new_capability"),
    path("capabilities/held/<uuid:held_id>/end/", equipment.unequip, name="unequip"),
    path("people/<uuid:person_id>/bookable/", equipment.bookable, name="bookable"),
    path("closed-days/<uuid:closure_id>/reopen/", sites.reopen_day, name="reopen_day"),
    path("billing/<uuid:identity_id>/end/", billing.end_identity, name="end_identity"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/affiliate/", people.affiliate, name="affiliate"),
    path("people/<uuid:person_id>/enrol/", people.enrol, name="enrol"),
    path("people/<uuid:person_id>/licence/", people.licence, name="licence"),
    path("people/<uuid:person_id>/speaking/", people.speaking, name="speaking"),
    path("affiliations/<uuid:affiliation_id>/end/", people.end_affiliation, name="end_affiliation"),
]
urlpatterns = [path("organization/", include((_patterns, "organization")))]
