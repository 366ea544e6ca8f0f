using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>Three collaborators and their people. The laboratory signs with four eyes.</summary>
public static class TestPeople
{
    /// <summary>Gets the first moment of all delegations.</summary>
    public static Timestamp From { get; } = Time("2026-01-01T00:00:00.000Z");

    /// <summary>Gets the end of all delegations.</summary>
    public static Timestamp Until { get; } = Time("2030-01-01T00:00:00.000Z");

    /// <summary>Gets the registry's admin and owner; also an approver.</summary>
    public static TestMember Ada { get; } = TestMember.Of("registry", "ada", MemberRole.Admin, MemberRole.Owner, MemberRole.Approver);

    /// <summary>Gets the registry's analyst and receiver.</summary>
    public static TestMember Rita { get; } = TestMember.Of("registry", "rita", MemberRole.Analyst, MemberRole.Receiver);

    /// <summary>Gets the laboratory's first owner.</summary>
    public static TestMember Lea { get; } = TestMember.Of("laboratory", "lea", MemberRole.Owner);

    /// <summary>Gets the laboratory's second pair of eyes.</summary>
    public static TestMember Leo { get; } = TestMember.Of("laboratory", "leo", MemberRole.Admin, MemberRole.Approver);

    /// <summary>Gets the hospital's owner.</summary>
    public static TestMember Hal { get; } = TestMember.Of("hospital", "hal", MemberRole.Admin, MemberRole.Owner);

    /// <summary>Gets the hospital's analyst and receiver.</summary>
    public static TestMember Hana { get; } = TestMember.Of("hospital", "hana", MemberRole.Analyst, MemberRole.Receiver);

    /// <summary>Gets the hospital's auditor, who may do nothing but look.</summary>
    public static TestMember Hugo { get; } = TestMember.Of("hospital", "hugo", MemberRole.Auditor);

    /// <summary>Gets everybody.</summary>
    public static ImmutableArray<TestMember> All { get; } = [Ada, Rita, Lea, Leo, Hal, Hana, Hugo];

    /// <summary>Returns a collaborator's root key.</summary>
    public static Es256TestKey Root(string collaborator) => Es256TestKey.Named($"{collaborator} root");

    /// <summary>Reads a time.</summary>
    public static Timestamp Time(string text) => Timestamp.TryParse(text, out var time) ? time : throw new FormatException(text);
}
