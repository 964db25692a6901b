import { ApiProperty } from '@nestjs/swagger';

export class AccountDto {
  @ApiProperty({ description: 'Id of the account', example: 'admin' })
  id: string;

  @ApiProperty({ description: 'Type of the account', example: 'user' })
  type: string;

  @ApiProperty({ description: 'The id when the name is not known', example: 'admin' })
  name: string;
}
