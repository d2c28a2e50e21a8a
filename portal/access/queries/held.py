"""Rows that are about to change, locked until the transaction ends: people, authorities, roles, proposals.

A key-share lock: rows that only name a locked person (who granted, who ended) never wait for it, nor deadlock with it.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person, RoleGrant, RoleProposal
from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound


def hold_person(session: Session, person_id: UUID) -> Person:
    """One person, locked until the transaction ends, so that their roles change one after the other; or NotFound."""
    found = session.scalars(select(Person).where(Person.id == person_id).with_for_update(key_share=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def hold_authority(session: Session, authority_id: UUID) -> Authority:
    """One authority, locked: its administrators change one after the other; or NotFound."""
    found = session.scalars(
        select(Authority).where(Authority.id == authority_id).with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def grant_for_update(session: Session, grant_id: UUID) -> RoleGrant:
    """One role that has not ended by its row, locked with its person; or NotFound."""
    person_id = session.scalar(select(RoleGrant.person_id).where(RoleGrant.id == grant_id))
    if person_id is None:
        raise NotFound
    hold_person(session, person_id)
    query = select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def proposal_for_update(session: Session, proposal_id: UUID, actor: Actor, action: Action) -> RoleProposal:
    """One proposal for this action, locked, or NotFound."""
    query = select(RoleProposal).where(RoleProposal.id == proposal_id).with_for_update(key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found
