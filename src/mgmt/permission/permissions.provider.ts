import type { Provider } from '@nestjs/common';
import type { PermissionConfig } from '../../config/permission-config.js';
import { LocalPermissions } from './local-permissions.js';
import { Permissions } from './permissions.js';
import { PermissionService } from './permission-service.js';
import { PoliciesRepository } from './policies.repository.js';
import { RemotePermissions } from './remote-permissions.js';
import { UnlimitedPermissions } from './unlimited-permissions.js';

/** The one way of deciding that is configured. */
export function permissionsProvider(config: PermissionConfig): Provider {
  return {
    provide: Permissions,
    useFactory: (policies: PoliciesRepository) => permissionsOf(config, policies),
    inject: [PoliciesRepository],
  };
}

function permissionsOf({ mode, administrators, remote }: PermissionConfig, policies: PoliciesRepository): Permissions {
  switch (mode) {
    case 'none':
      return new UnlimitedPermissions(policies);
    case 'local':
      return new LocalPermissions(policies, administrators);
    case 'remote':
      return new RemotePermissions(new PermissionService(remote));
  }
}
