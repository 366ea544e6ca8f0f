using CleanRoom.Client.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Client.Rooms;

/// <summary>Someone at an appraised node without a session: a collaborator's root key that delegates or revokes.</summary>
public sealed class RoomVisitor
{
    private readonly RoomLink _link;
    private readonly string _collaboration;

    private RoomVisitor(RoomLink link, string collaboration) => (_link, _collaboration) = (link, collaboration);

    /// <summary>Verifies the node and opens a channel to it.</summary>
    /// <returns>The visitor, or every check that failed.</returns>
    public static async Task<Result<RoomVisitor>> OpenAsync(
        ClientServices services, RoomAddress address, RoomRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return (await RoomLink.OpenAsync(services, address, record, cancellationToken))
            .Then(link => Result.Accept(new RoomVisitor(link, record.Collaboration)));
    }

    /// <summary>Appends a delegation or a member's revocation.</summary>
    public Task<Result<StatementResponse>> AppendAsync(Envelope statement, CancellationToken cancellationToken) => _link.CallAsync(
        ApiRequest.Statement(ApiRoutes.Statements, _collaboration, statement) with { NeedsSession = false },
        ApiJsonContext.Default.StatementResponse,
        cancellationToken);
}
