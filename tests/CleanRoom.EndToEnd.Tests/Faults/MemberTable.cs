using Npgsql;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>The members' table of a cluster in the hands of whoever holds the database.</summary>
internal static class MemberTable
{
    // The numbers of Orleans' silo states.
    private const int Active = 3;
    private const int Dead = 6;

    /// <summary>Has a member stand there as dead that is none, with the next version of the table, as a silo would write it.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="siloPort">The port by which other members know it.</param>
    /// <returns>False when no living member has that port.</returns>
    public static async Task<bool> DeclareDeadAsync(string connection, int siloPort)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var declare = source.CreateCommand(
            $"""
            WITH gone AS (UPDATE cleanroom_cluster.silo SET status = {Dead} WHERE port = $1 AND status = {Active} RETURNING cluster)
            UPDATE cleanroom_cluster.cluster SET version = version + 1 FROM gone WHERE id = gone.cluster
            """);
        declare.Parameters.AddWithValue(siloPort);
        return await declare.ExecuteNonQueryAsync() > 0;
    }
}
